/** What is known of one file content, whatever names it bears in whatever nights. */
export interface ContentFacts {
  bytes: number;
  /** Rules that match it, scanned whole. */
  rules: string[];
  /** Rules that match what an archive holds, with the member's path inside it. */
  inside: { path: string; rule: string }[];
  /** Format at its head, of those that are even by nature (signs.ts); null where it is none of them. */
  format: string | null;
  evenness: Evenness;
  /** Rows of the tables of a database's plain dump; empty where it is none. */
  rows: { table: string; rows: number }[];
  /** Why it was not examined, or not whole; empty where all was looked at. */
  notExamined: string[];
}

/** How many blocks look like random bytes, and where. */
export interface Evenness {
  blocks: number;
  even: number;
  head: boolean;
  tail: boolean;
}

const blockBytes = 4096;
/** A shorter rest of a file says little: few values of a byte come more than some times. */
const blockBytesMin = 2048;
/**
 * Pearson's chi-square of 256 byte values over random bytes has mean 255 and deviation √510; five of them to each side leave
 * one random block in a million. Below is what counts up or repeats a permutation: more even than chance.
 */
const chiSquareMin = 255 - 5 * Math.sqrt(510);
const chiSquareMax = 255 + 5 * Math.sqrt(510);

/** Judges a content that comes in pieces, a block at a time. */
export class EvennessMeter {
  readonly #counts = new Uint32Array(256);
  #filled = 0;
  readonly #found: Evenness = { blocks: 0, even: 0, head: false, tail: false };

  add(piece: Uint8Array): void {
    const counts = this.#counts;
    let at = 0;
    while (at < piece.length) {
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
    if (this.#filled >= blockBytesMin) this.#judge();
    return { ...this.#found };
  }

  #judge(): void {
    const expected = this.#filled / 256;
    let chiSquare = 0;
    for (const count of this.#counts) chiSquare += (count - expected) ** 2 / expected;
    const even = chiSquare >= chiSquareMin && chiSquare <= chiSquareMax;
    const found = this.#found;
    if (found.blocks === 0) found.head = even;
    found.tail = even;
    found.blocks += 1;
    if (even) found.even += 1;
    this.#counts.fill(0);
    this.#filled = 0;
  }
}

/** A content nobody could look at, and why. */
export const unexamined = (bytes: number, reason: string): ContentFacts => ({
  bytes,
  rules: [],
  inside: [],
  format: null,
  evenness: { blocks: 0, even: 0, head: false, tail: false },
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
/** A night's file that was plain and is even in this much of it was encrypted in part. */
const partShare = 0.05;

/**
 * Whether a content looks encrypted, whole or in part (its head only, its tail only, every Nth block): by itself, against what its
 * name promises, and against what stood under the same path the night before.
 */
export function encryptionOf(
  name: string,
  { format, evenness }: Pick<ContentFacts, 'format' | 'evenness'>,
  earlier?: Pick<ContentFacts, 'format' | 'evenness'>,
): 'whole' | 'part' | undefined {
  const { blocks, even, head } = evenness;
  if (blocks === 0 || even === 0) return undefined;
  const extent = even >= blocks * wholeShare ? 'whole' : 'part';
  if (format === null) {
    if (extent === 'whole' || head) return extent;
    const suffix = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
    if (promised[suffix] !== undefined && earlier?.format === promised[suffix]) return extent;
  }
  const wasPlain = earlier !== undefined && earlier.format === null && earlier.evenness.even === 0;
  return wasPlain && format === null && even >= blocks * partShare ? extent : undefined;
}
