import { type ContentFacts, EvennessMeter } from '../../restore/cleanPoint/content.ts';
import { compressedFormat } from '../../restore/signs.ts';
import { depthMax, fullPurse, isArchive, membersOf, type Purse } from './archives.ts';
import { dumpRows } from './dumpRows.ts';
import type { Matcher } from './rules.ts';

/** A content up to this is scanned whole; a larger one in windows that overlap, which is said: rules do not compose over parts. */
export const wholeBytesMax = 64 * 1024 * 1024;
/** Longer than any pattern of the published rules. */
export const overlapBytes = 1024 * 1024;

/** Kept of what one content shows: the rest of a bomb says no more. */
const listMax = 100;

export class ContentExaminer {
  readonly #match: Matcher;
  readonly #meter = new EvennessMeter();
  readonly #rules = new Set<string>();
  readonly #facts: ContentFacts;
  #windows = 0;

  constructor(match: Matcher, bytes: number) {
    this.#match = match;
    this.#facts = {
      bytes,
      rules: [],
      inside: [],
      format: null,
      evenness: { blocks: 0, even: 0, head: false, tail: false },
      rows: [],
      notExamined: [],
    };
  }

  /** `known` bytes at its head were in the window before. */
  async window(content: Buffer, known: number): Promise<void> {
    if (this.#windows++ === 0) this.#facts.format = compressedFormat(content) ?? null;
    this.#meter.add(content.subarray(known));
    for (const rule of this.#match(content)) this.#rules.add(rule);
    if (content.length !== this.#facts.bytes) return;
    this.#facts.rows.push(...dumpRows(content));
    await this.#lookInside(content, '', 1, fullPurse());
  }

  end(): ContentFacts {
    const facts = this.#facts;
    if (this.#windows > 1)
      facts.notExamined.push(
        `is larger than ${wholeBytesMax} bytes: scanned in parts, so that rules on size, offset or count may have missed it`,
      );
    return { ...facts, rules: [...this.#rules].toSorted(), evenness: this.#meter.end() };
  }

  async #lookInside(content: Buffer, above: string, depth: number, purse: Purse): Promise<void> {
    if (!isArchive(content)) return;
    if (depth > depthMax) {
      this.#untold(`${above || 'it'} is an archive inside ${depthMax} others: not looked into`);
      return;
    }
    const inside = new Set<string>();
    for await (const member of membersOf(content, purse)) {
      const path = [above, member.path].filter((part) => part !== '').join('!');
      if ('notExamined' in member) {
        this.#untold(`${path || 'it'} ${member.notExamined}`);
        continue;
      }
      for (const rule of this.#match(member.content)) {
        if (inside.size < listMax && inside.size !== inside.add(`${path} ${rule}`).size)
          this.#facts.inside.push({ path, rule });
      }
      // A compressed dump is a dump.
      if (above === '' && member.path === '') this.#facts.rows.push(...dumpRows(member.content));
      await this.#lookInside(member.content, path, depth + 1, purse);
    }
  }

  #untold(reason: string): void {
    if (this.#facts.notExamined.length < listMax) this.#facts.notExamined.push(reason.slice(0, 500));
  }
}
