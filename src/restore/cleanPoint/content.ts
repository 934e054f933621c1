/** What is known of one file content, whatever names it bears in whatever nights. */
export interface ContentFacts {
  bytes: number;
  /** Rules that match it, scanned whole. */
  rules: string[];
  /** Rules that match what an archive holds, with the member's path inside it. */
  inside: { path: string; rule: string }[];
  /** Format at its head, of those that are even by nature (signs.ts); null where it is none of them. */
  format: string | null;
  structure: Structure;
  evenness: Evenness;
  /** Rows of the tables of a database's dump; empty where it is none. */
  rows: { table: string; rows: number }[];
  /** Why it was not examined, or not whole; empty where all was looked at. */
  notExamined: string[];
}

/**
 * Whether what its head promises holds to its end: `damaged` where it breaks off, `overwritten` where random bytes stand in the place
 * of what the format asks for; null where nothing can be said.
 */
export type Structure = 'whole' | 'damaged' | 'overwritten' | null;

/** How many blocks look like random bytes, and whether the first and the last do; of long stretches, in which compressed bytes seldom do. */
export interface Evenness {
  blocks: number;
  even: number;
  head: boolean;
  tail: boolean;
  stretches: number;
  evenStretches: number;
}
export const notJudged: Evenness = { blocks: 0, even: 0, head: false, tail: false, stretches: 0, evenStretches: 0 };

const blockBytes = 4096;
const blocksPerStretch = 16;
/** A shorter rest of a file says little: few values of a byte come more than some times. */
export const judgedBytesMin = 2048;
/**
 * Pearson's chi-square of 256 byte values over random bytes has mean 255 and deviation √510; five of them to each side leave
 * one random block in a million. Below is what counts up or repeats a permutation: more even than chance.
 */
const chiSquareMin = 255 - 5 * Math.sqrt(510);
const chiSquareMax = 255 + 5 * Math.sqrt(510);

function even(counts: Uint32Array, bytes: number): boolean {
  const expected = bytes / 256;
  let chiSquare = 0;
  for (const count of counts) chiSquare += (count - expected) ** 2 / expected;
  return chiSquare >= chiSquareMin && chiSquare <= chiSquareMax;
}

/** Whether bytes, all together, look like random ones. */
export function isEven(bytes: Uint8Array, bytesMin = judgedBytesMin): boolean {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  return bytes.length >= bytesMin && even(counts, bytes.length);
}

/** Every so many bytes of a block one is looked at before all are counted. */
const sampledEvery = 32;
/** Highest bits set among those 128, of random bytes: 64 ± 5.7; eight deviations to each side leave one block in 10¹⁴. */
const highBitsMin = 20;
const highBitsMax = 108;

/** Whether a few bytes of a block say already that it is not even: text has no byte above 127, and most of what is scanned is text. */
function isPlainlyUneven(piece: Uint8Array, at: number): boolean {
  let high = 0;
  for (let sampled = at; sampled < at + blockBytes; sampled += sampledEvery) high += (piece[sampled] ?? 0) >>> 7;
  return high < highBitsMin || high > highBitsMax;
}

/** Judges a content that comes in pieces, a block at a time. */
export class EvennessMeter {
  readonly #counts = new Uint32Array(256);
  readonly #stretch = new Uint32Array(256);
  #stretchBytes = 0;
  #filled = 0;
  readonly #found: Evenness = { ...notJudged };

  add(piece: Uint8Array): void {
    const counts = this.#counts;
    let at = 0;
    while (at < piece.length) {
      if (this.#filled === 0 && at + blockBytes <= piece.length && isPlainlyUneven(piece, at)) {
        this.#judged(false);
        at += blockBytes;
        continue;
      }
      const end = Math.min(piece.length, at + blockBytes - this.#filled);
      this.#filled += end - at;
      for (; at < end; at += 1) {
        const byte = piece[at] ?? 0;
        counts[byte] = (counts[byte] ?? 0) + 1;
      }
      if (this.#filled === blockBytes) this.#judge();
    }
  }

  end(): Evenness {
    if (this.#filled >= judgedBytesMin) this.#judge();
    return { ...this.#found };
  }

  #judge(): void {
    const [counts, stretch] = [this.#counts, this.#stretch];
    for (let byte = 0; byte < 256; byte += 1) stretch[byte] = (stretch[byte] ?? 0) + (counts[byte] ?? 0);
    this.#stretchBytes += this.#filled;
    this.#judged(even(counts, this.#filled));
    counts.fill(0);
    this.#filled = 0;
  }

  /** A stretch of which a block was not even counted is not even. */
  #judged(isEven: boolean): void {
    const found = this.#found;
    if (found.blocks === 0) found.head = isEven;
    found.tail = isEven;
    found.blocks += 1;
    if (isEven) found.even += 1;
    if (found.blocks % blocksPerStretch !== 0) return;
    found.stretches += 1;
    const stretchBytes = blockBytes * blocksPerStretch;
    if (this.#stretchBytes === stretchBytes && even(this.#stretch, stretchBytes)) found.evenStretches += 1;
    if (this.#stretchBytes > 0) this.#stretch.fill(0);
    this.#stretchBytes = 0;
  }
}

/** A content nobody could look at, and why. */
export const unexamined = (bytes: number, reason: string): ContentFacts => ({
  bytes,
  rules: [],
  inside: [],
  format: null,
  structure: null,
  evenness: notJudged,
  rows: [],
  notExamined: [reason],
});

/** Formats that a name promises, of those a file of that name cannot do without. */
const promised: { readonly [suffix: string]: string } = {
  ...Object.fromEntries(
    ['zip', 'docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp', 'jar', 'epub'].map((suffix) => [suffix, 'zip']),
  ),
  pdf: 'pdf',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  png: 'png',
  gz: 'gzip',
  xz: 'xz',
  bz2: 'bzip2',
  zst: 'zstd',
  '7z': '7z',
  dcm: 'dicom',
};

/** Even blocks that make a whole content look encrypted: a few of random bytes fall outside by chance, none of text inside. */
const wholeShare = 0.9;
/** A night's file that was not even and is so in this much of it was encrypted in part. */
const partShare = 0.05;

export type Look = Pick<ContentFacts, 'format' | 'structure' | 'evenness'>;

/**
 * Whether a content looks encrypted, whole or in part (its head only, its tail only, every Nth block): by itself, against what its head
 * and its name promise, and against what stood under the same path the night before.
 */
export function encryptionOf(name: string, now: Look, earlier?: Look): 'whole' | 'part' | undefined {
  const { format, structure, evenness } = now;
  const { blocks, even, head } = evenness;
  if (blocks === 0 || even === 0) return undefined;
  const extent = even >= blocks * wholeShare ? 'whole' : 'part';
  if (structure === 'overwritten') return 'part';
  if (format === null && (extent === 'whole' || head)) return extent;
  return earlier !== undefined && becameEncrypted(name, now, earlier) ? extent : undefined;
}

function becameEncrypted(name: string, { format, structure, evenness }: Look, earlier: Look): boolean {
  const suffix = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (format === null && promised[suffix] !== undefined && earlier.format === promised[suffix]) return true;
  if (structure === 'whole') return false;
  const hadNone = earlier.evenness.even === 0;
  if (structure === 'damaged' && (earlier.structure === 'whole' || (earlier.structure === null && hadNone)))
    return true;
  if (hadNone && evenness.even >= evenness.blocks * partShare) return true;
  const hadNoStretch = earlier.evenness.stretches > 0 && earlier.evenness.evenStretches === 0;
  return hadNoStretch && evenness.evenStretches > evenness.stretches * partShare;
}
