import { hash } from 'node:crypto';
import { decompressed } from '../restic/repository/decompressed.ts';
import { ContentExaminer, overlapBytes, wholeBytesMax } from './examine.ts';
import type { ContentHead, RuleText } from './frames.ts';
import { Input } from './input.ts';
import { Output } from './output.ts';
import { compileRules, type Matcher } from './rules.ts';
import { frame, frameHeadBytes, packedHeadBytes } from './wire.ts';

/** A process of its own that looks at contents nobody trusts: it is given bytes, it says what it found, and may die of it. */
const output = new Output();
const input = new Input(() => output.flush());

function nextFrame(): { kind: number; length: number } | undefined {
  const head = input.take(frameHeadBytes);
  return head && { kind: head.readUInt8(0), length: head.readUInt32LE(1) };
}

/** What the hub says is the hub's own: read as it is. */
function payload<Value>(length: number): Value {
  const bytes = input.take(length);
  if (bytes === undefined) process.exit(0);
  return JSON.parse(bytes.toString('utf8'));
}

/** A content may be longer than it was said to be: what stands in between two windows fits all the same. */
const windowBytesMin = 2 * overlapBytes;
/** Used again for every content: a new one each would first be filled with zeros. */
let room = Buffer.allocUnsafeSlow(windowBytesMin);

/** A content as it comes, in pieces of any length: windows of it as large as may be held. */
class Windows {
  readonly #examiner: ContentExaminer;
  readonly #wanted: number;
  #filled = 0;
  #known = 0;
  #alone: Buffer | undefined;
  readonly #bytes: number;

  constructor(match: Matcher, bytes: number) {
    this.#examiner = new ContentExaminer(match, bytes);
    this.#bytes = bytes;
    this.#wanted = Math.max(windowBytesMin, Math.min(bytes, wholeBytesMax));
  }

  /** A piece that is the whole content is not copied. */
  async add(piece: Buffer): Promise<void> {
    if (piece.length === this.#bytes && piece.length <= this.#wanted && this.#filled === 0) {
      this.#alone = piece;
      return;
    }
    for (let at = 0; at < piece.length; ) {
      const part = await this.#place(piece.length - at);
      piece.copy(part, 0, at);
      at += part.length;
    }
  }

  /** The same, straight from standard input. */
  async read(length: number): Promise<boolean> {
    for (let left = length; left > 0; ) {
      const part = await this.#place(left);
      if (!input.fill(part)) return false;
      left -= part.length;
    }
    return true;
  }

  async end(): Promise<ReturnType<ContentExaminer['end']>> {
    const content = this.#alone ?? room.subarray(0, this.#filled);
    if (content.length > this.#known || this.#bytes === 0) await this.#examiner.window(content, this.#known);
    return this.#examiner.end();
  }

  /** Where the next bytes go, so many at most. */
  async #place(bytes: number): Promise<Buffer> {
    if (room.length < this.#wanted) room = Buffer.allocUnsafeSlow(this.#wanted);
    if (this.#filled === this.#wanted) {
      await this.#examiner.window(room.subarray(0, this.#filled), this.#known);
      room.copyWithin(0, this.#filled - overlapBytes, this.#filled);
      [this.#filled, this.#known] = [overlapBytes, overlapBytes];
    }
    const part = room.subarray(this.#filled, this.#filled + Math.min(bytes, this.#wanted - this.#filled));
    this.#filled += part.length;
    return part;
  }
}

/** A run of zeros is the same blob again and again: unpacked and verified once. */
let last: { id: string; plain: Buffer } | undefined;

/** The plain bytes of a packed piece; undefined where they are not what its id names. */
function unpacked(piece: Buffer): { id: string; plain: Buffer | undefined } {
  const plainLength = piece.readUInt32LE(0);
  const id = piece.toString('hex', 5, packedHeadBytes);
  if (last?.id === id) return last;
  const bytes = piece.subarray(packedHeadBytes);
  // What is not compressed stands in a buffer that is used again.
  const plain = piece[4] === 1 ? decompressed(bytes, plainLength) : Buffer.from(bytes);
  if (plain?.length !== plainLength || hash('sha256', plain, 'hex') !== id) return { id, plain: undefined };
  last = { id, plain };
  return last;
}

async function contentOf(match: Matcher, { number, bytes }: ContentHead): Promise<void> {
  const windows = new Windows(match, bytes);
  let isBroken = false;
  for (let next = nextFrame(); next !== undefined; next = nextFrame()) {
    const { kind, length } = next;
    if (kind === frame.abandon) return;
    if (kind === frame.end) {
      if (!isBroken) output.say({ said: 'done', number, facts: await windows.end() });
      return;
    }
    if (isBroken) input.skip(length);
    else if (kind === frame.data) {
      if (!(await windows.read(length))) return;
    } else {
      const piece = input.take(length);
      if (piece === undefined) return;
      const { id, plain } = unpacked(piece);
      if (plain !== undefined) await windows.add(plain);
      else {
        isBroken = true;
        output.say({ said: 'broken', number, blob: id });
      }
    }
  }
}

const first = nextFrame();
if (first !== undefined) {
  const { engine, refused, match } = await compileRules(payload<RuleText[]>(first.length));
  output.say({ said: 'ready', engine, refused });
  for (let next = nextFrame(); next !== undefined; next = nextFrame())
    await contentOf(match, payload<ContentHead>(next.length));
}
