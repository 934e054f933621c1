import { createHash } from 'node:crypto';
import type { NightJudge } from '../../restore/cleanPoint/cleanPoint.ts';
import { type ContentFacts, unexamined } from '../../restore/cleanPoint/content.ts';
import { explaining, type Fingerprint } from '../../restore/cleanPoint/explained.ts';
import type { CleanPointAsk } from '../../restore/cleanPoint/found.ts';
import {
  changeOf,
  everythingIn,
  type Found,
  type Known,
  type NightChange,
  type NightContent,
  type Shown,
  shownBy,
} from '../../restore/cleanPoint/night.ts';
import type { Looking } from './looking.ts';
import type { ListedNight, NightReader } from './nightReader.ts';
import type { VerdictStore } from './verdicts/verdictStore.ts';

/** To be raised whenever a judge would say something else of the same facts: nights are judged again, nothing is scanned again. */
const judgeVersion = 2;
/** A night, the one before it, and the last one without a sign. */
const nightsHeld = 3;
const emptyKey = createHash('sha256').update('').digest('hex');
const nothing: ContentFacts = { ...unexamined(0, ''), notExamined: [] };

export interface JudgingParts {
  reader: NightReader;
  store: VerdictStore;
  looking: Pick<Looking, 'facts' | 'damage'>;
  ask: CleanPointAsk;
  fingerprint: Fingerprint | undefined;
  /** False where not everything that is new was read: then nothing said is a last word. */
  keeps: boolean;
}

/** Judges nights by what is known of their contents; what it said of two of them it says again without looking. */
export class Judging implements NightJudge<ListedNight> {
  readonly #parts: JudgingParts;
  readonly #known: Known;
  /** What an answer rests on beside the night itself. */
  readonly #asked: readonly unknown[];
  readonly #held = new Map<string, NightContent>();

  constructor(parts: JudgingParts) {
    this.#parts = parts;
    const { ask, fingerprint, looking } = parts;
    const explained = ask.explained.toSorted((one, other) => one.rule.localeCompare(other.rule));
    this.#asked = [judgeVersion, ask.canaries, explained];
    this.#known = {
      facts: (one) => (one === emptyKey ? nothing : looking.facts(one)),
      canaries: ask.canaries,
      isExplained: explaining(explained, fingerprint),
    };
  }

  async shown(night: ListedNight, reference: ListedNight | undefined): Promise<Shown> {
    const { store } = this.#parts;
    const asked = createHash('sha256')
      .update(JSON.stringify([night.paths, this.#asked]))
      .digest('hex');
    const key = `shown ${reference?.list ?? '-'} ${asked}`;
    const before = night.list === null ? undefined : store.said<Shown>(night.list, key);
    if (before !== undefined) return before;
    const [content, earlier] = [await this.#content(night), reference && (await this.#content(reference))];
    const shown = shownBy(content, earlier, this.#known);
    // What is damaged may be mended, and what nobody could look at be looked at: neither is a last word.
    if (night.list !== null && this.#isLastWord(content)) {
      store.say(night.list, key, shown);
      store.setWhole(night.list);
    }
    return shown;
  }

  /** All that was found in a night, however much. */
  async found(night: ListedNight, reference: ListedNight | undefined): Promise<Found[]> {
    const [content, earlier] = [await this.#content(night), reference && (await this.#content(reference))];
    return everythingIn(content, earlier, this.#known).found;
  }

  async change(before: ListedNight, after: ListedNight): Promise<NightChange> {
    const key = `change ${before.list}`;
    const isKept = before.list !== null && after.list !== null;
    const { store, keeps } = this.#parts;
    const said = isKept ? store.said<NightChange>(after.list ?? '', key) : undefined;
    if (said !== undefined) return said;
    const [then, now] = [await this.#content(before), await this.#content(after)];
    const change = changeOf(then, now);
    const isWhole = then.damaged.length + now.damaged.length === 0;
    if (keeps && isKept && isWhole) store.say(after.list ?? '', key, change);
    return change;
  }

  #isLastWord({ files, damaged }: NightContent): boolean {
    const { keeps, looking, reader } = this.#parts;
    if (!keeps || damaged.length > 0) return false;
    return files.every(({ content, bytes }) => {
      const facts = looking.facts(content);
      return facts === undefined ? bytes === 0 : facts.failed !== true || !reader.triesAgain;
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
    const { files, damaged, ...more } = await this.#parts.reader.filesOf(night);
    const unread = files.flatMap(({ path, content }) => {
      const reason = this.#parts.looking.damage(content);
      return reason === undefined ? [] : [{ path, reason }];
    });
    return { files, damaged: [...damaged, ...unread], ...more };
  }
}
