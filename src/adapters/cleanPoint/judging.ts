import { createHash } from 'node:crypto';
import type { NightJudge } from '../../restore/cleanPoint/cleanPoint.ts';
import { type ContentFacts, unexamined } from '../../restore/cleanPoint/content.ts';
import type { CleanPointAsk } from '../../restore/cleanPoint/found.ts';
import { changeOf, type NightChange, type NightContent, type Shown, shownBy } from '../../restore/cleanPoint/night.ts';
import type { Looking } from './looking.ts';
import type { ListedNight, NightReader } from './nightReader.ts';
import type { VerdictStore } from './verdicts/verdictStore.ts';

/** A night, the one before it, and the last one without a sign. */
const nightsHeld = 3;
const emptyKey = createHash('sha256').update('').digest('hex');
const nothing: ContentFacts = { ...unexamined(0, ''), notExamined: [] };

/** Judges nights by what is known of their contents; what it said of two of them it says again without looking. */
export class Judging implements NightJudge<ListedNight> {
  readonly #reader: NightReader;
  readonly #store: VerdictStore;
  readonly #looking: Looking;
  readonly #ask: Pick<CleanPointAsk, 'canaries' | 'explained'>;
  readonly #held = new Map<string, NightContent>();

  constructor(reader: NightReader, store: VerdictStore, looking: Looking, ask: CleanPointAsk) {
    this.#reader = reader;
    this.#store = store;
    this.#looking = looking;
    this.#ask = { canaries: ask.canaries, explained: ask.explained.toSorted() };
  }

  async shown(night: ListedNight, reference: ListedNight | undefined): Promise<Shown> {
    const asked = createHash('sha256')
      .update(JSON.stringify([night.paths, this.#ask]))
      .digest('hex');
    const key = `shown ${reference?.list ?? '-'} ${asked}`;
    const before = night.list === null ? undefined : this.#store.said<Shown>(night.list, key);
    if (before !== undefined) return before;
    const [content, earlier] = [await this.#content(night), reference && (await this.#content(reference))];
    const shown = shownBy(content, earlier, {
      facts: (one) => (one === emptyKey ? nothing : this.#looking.facts(one)),
      canaries: this.#ask.canaries,
      explained: new Set(this.#ask.explained),
    });
    // What is damaged may be mended, and what nobody could look at be looked at: neither is a last word.
    if (night.list !== null && this.#isLastWord(content)) {
      this.#store.say(night.list, key, shown);
      this.#store.setWhole(night.list);
    }
    return shown;
  }

  async change(before: ListedNight, after: ListedNight): Promise<NightChange> {
    const key = `change ${before.list}`;
    const isKept = before.list !== null && after.list !== null;
    const said = isKept ? this.#store.said<NightChange>(after.list ?? '', key) : undefined;
    if (said !== undefined) return said;
    const [then, now] = [await this.#content(before), await this.#content(after)];
    const change = changeOf(then, now);
    if (isKept && then.damaged.length + now.damaged.length === 0) this.#store.say(after.list ?? '', key, change);
    return change;
  }

  #isLastWord({ files, damaged }: NightContent): boolean {
    if (damaged.length > 0) return false;
    return files.every(({ content, bytes }) => {
      const facts = this.#looking.facts(content);
      return facts === undefined ? bytes === 0 : facts.failed !== true || !this.#reader.triesAgain;
    });
  }

  async #content(night: ListedNight): Promise<NightContent> {
    const held = this.#held.get(night.id);
    this.#held.delete(night.id);
    const content = held ?? (await this.#read(night));
    this.#held.set(night.id, content);
    const [oldest] = this.#held.keys();
    if (oldest !== undefined && this.#held.size > nightsHeld) this.#held.delete(oldest);
    return content;
  }

  async #read(night: ListedNight): Promise<NightContent> {
    const { files, damaged, ...more } = await this.#reader.filesOf(night);
    const unread = files.flatMap(({ path, content }) => {
      const reason = this.#looking.damage(content);
      return reason === undefined ? [] : [{ path, reason }];
    });
    return { files, damaged: [...damaged, ...unread], ...more };
  }
}
