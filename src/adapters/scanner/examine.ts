import { type ContentFacts, EvennessMeter, unexamined } from '../../restore/cleanPoint/content.ts';
import { compressedFormat } from '../../restore/signs.ts';
import { type Member, membersOf } from './archives/members.ts';
import { customRows, isCustomDump } from './dumps/customDump.ts';
import { bareRows, PlainDump, type TableRows, tablesMax } from './dumps/plainDump.ts';
import { judgedTorn } from './formats/judged.ts';
import { closedInside, isEncryptedDocument } from './formats/office/compound.ts';
import { formatOf, structureOf } from './formats/structure.ts';
import type { Torn } from './formats/torn.ts';
import type { Matcher } from './rules.ts';

/** A content up to this is scanned whole; a larger one in windows that overlap, which is said: rules do not compose over parts. */
export const wholeBytesMax = 64 * 1024 * 1024;
/** Longer than any pattern of the published rules. */
export const overlapBytes = 1024 * 1024;

/** What may be looked into: an archive in an archive, five times. What is deeper is said to be not examined. */
const depthMax = 5;
/** A member up to this is scanned whole and looked into; a larger one in windows, as far as the purse goes. */
const memberBytesMax = 32 * 1024 * 1024;
/** Of all that one content unfolds to: what a bomb may cost. */
const unfoldedBytesMax = 256 * 1024 * 1024;
const membersMax = 10_000;

/** Kept of what one content shows: the rest of a bomb says no more. */
const listMax = 100;

type Unfolding = Extract<Member, { pieces: unknown }>;

export class ContentExaminer {
  readonly #match: Matcher;
  readonly #meter = new EvennessMeter();
  readonly #rules = new Set<string>();
  readonly #inside = new Set<string>();
  readonly #dump = new PlainDump();
  readonly #facts: ContentFacts;
  /** What one content may still cost. */
  readonly #purse = { bytes: unfoldedBytesMax, members: membersMax };
  #torn: Torn[] = [];
  #windows = 0;

  constructor(match: Matcher, bytes: number) {
    this.#match = match;
    this.#facts = { ...unexamined(bytes, ''), notExamined: [] };
  }

  /** `known` bytes at its head were in the window before. */
  async window(content: Buffer, known: number): Promise<void> {
    const facts = this.#facts;
    if (this.#windows++ === 0) {
      facts.format = formatOf(content);
      if (content.length < facts.bytes && isCustomDump(content))
        this.#untold(`rows of its tables are not counted: larger than ${wholeBytesMax} bytes`);
    }
    const fresh = content.subarray(known);
    this.#meter.add(fresh);
    this.#dump.add(fresh);
    for (const rule of this.#match(content)) this.#rules.add(rule);
    if (content.length === facts.bytes) await this.#whole(content);
  }

  end(): ContentFacts {
    const facts = this.#facts;
    if (this.#windows > 1)
      facts.notExamined.push(
        `is larger than ${wholeBytesMax} bytes: scanned in parts, so that rules on size, offset or count may have missed it; not looked into`,
      );
    this.#counted(this.#dump.end(), '');
    if (this.#dump.isCut) this.#untold(`rows of more than ${tablesMax} tables are not counted`);
    return { ...facts, rules: [...this.#rules].toSorted(), evenness: this.#meter.end() };
  }

  async #whole(content: Buffer): Promise<void> {
    const facts = this.#facts;
    if (isEncryptedDocument(content)) facts.format = 'encrypted-document';
    const isArchive = await this.#lookInside(content, '', 1);
    await this.#countIn(content, '');
    const evenness = this.#meter.end();
    // Without one even block nothing was overwritten, and a damaged file is not for us to tell.
    if (evenness.even === 0) return;
    if (!isArchive) facts.structure = structureOf(facts.format, content);
    else if (this.#torn.length > 0) facts.structure = judgedTorn(content, this.#torn);
    else facts.structure = facts.notExamined.length === 0 ? 'whole' : null;
  }

  /** Rows of a dump's own formats; a dump in SQL is read as it comes. */
  async #countIn(content: Buffer, path: string): Promise<void> {
    if (isCustomDump(content)) {
      const { rows, notCounted } = await customRows(content);
      this.#counted(rows, path);
      if (notCounted !== undefined) this.#untold(path === '' ? notCounted : `${path}: ${notCounted}`);
    }
    const rows = bareRows(content);
    if (rows !== undefined) this.#counted([{ table: 'its table', rows }], path);
  }

  #counted(found: readonly TableRows[], path: string): void {
    const { rows } = this.#facts;
    const above = path === '' ? '' : `${path.slice(-100)}: `;
    for (const { table, rows: count } of found) {
      if (rows.length < tablesMax) rows.push({ table: `${above}${table}`.slice(0, 300), rows: count });
      else this.#untold(`rows of more than ${tablesMax} tables are not counted`);
    }
  }

  /** Whether it is an archive at all. */
  async #lookInside(content: Buffer, above: string, depth: number): Promise<boolean> {
    const format = compressedFormat(content) ?? null;
    const closed = closedInside(content);
    if (closed !== undefined) this.#untold(`${above || 'it'} ${closed}`);
    const members = membersOf(content, format);
    if (members === undefined) return false;
    if (depth > depthMax) {
      this.#untold(`${above || 'it'} is an archive inside ${depthMax} others: not looked into`);
      return true;
    }
    for await (const member of members) {
      const path = [above, member.path].filter((part) => part !== '').join('!');
      if (this.#purse.members-- <= 0) {
        this.#untold(`${above || 'it'} holds more than ${membersMax} members: the others are not looked at`);
        break;
      }
      if ('notExamined' in member) {
        this.#untold(`${path || 'it'} ${member.notExamined}`);
        if (depth === 1 && member.torn !== undefined) this.#torn.push(member.torn);
      } else if (!(await this.#member(member, path, depth))) break;
    }
    return true;
  }

  /** False where nothing is left to spend. */
  async #member({ pieces, torn }: Unfolding, path: string, depth: number): Promise<boolean> {
    const held = new Held();
    const dump = new PlainDump();
    let isWhole = true;
    try {
      for await (const piece of pieces) {
        dump.add(piece);
        held.add(piece);
        this.#purse.bytes -= piece.length;
        if (this.#purse.bytes < 0) {
          this.#untold(
            `${path || 'it'} unfolds, with what stands beside it, to more than ${unfoldedBytesMax} bytes: no more is looked at`,
          );
          isWhole = false;
          break;
        }
        if (held.bytes < memberBytesMax) continue;
        isWhole = false;
        this.#matchInside(held.window(), path);
      }
    } catch (error) {
      this.#untold(
        `${path || 'it'} cannot be unfolded to its end: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown'}`,
      );
      if (depth === 1) this.#torn.push(torn);
      isWhole = false;
    }
    const content = held.rest();
    this.#matchInside(content, path);
    if (held.windows > 0)
      this.#untold(`${path || 'it'} unfolds to more than ${memberBytesMax} bytes: scanned in parts, not looked into`);
    this.#counted(dump.end(), path);
    if (isWhole) await this.#countIn(content, path);
    if (isWhole) await this.#lookInside(content, path, depth + 1);
    return this.#purse.bytes >= 0;
  }

  #matchInside(content: Buffer, path: string): void {
    for (const rule of this.#match(content)) {
      const found = `${path} ${rule}`;
      if (this.#inside.size < listMax && this.#inside.size !== this.#inside.add(found).size)
        this.#facts.inside.push({ path: path.slice(0, 4000), rule });
    }
  }

  #untold(reason: string): void {
    const { notExamined } = this.#facts;
    if (notExamined.includes(reason)) return;
    if (notExamined.length < listMax) notExamined.push(reason.slice(0, 500));
    else notExamined[listMax] = 'and more, not listed';
  }
}

/** What was unfolded of a member and not looked at yet, behind what the last window ends with. */
class Held {
  bytes = 0;
  windows = 0;
  #pieces: Buffer[] = [];

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.bytes += piece.length;
  }

  window(): Buffer {
    const content = this.rest();
    this.windows += 1;
    this.#pieces = [content.subarray(-overlapBytes)];
    this.bytes = overlapBytes;
    return content;
  }

  rest(): Buffer {
    const [first = Buffer.alloc(0)] = this.#pieces;
    return this.#pieces.length <= 1 ? first : Buffer.concat(this.#pieces);
  }
}
