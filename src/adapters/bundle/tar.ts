import { Refused } from '../../journal/result.ts';

/** POSIX ustar (IEEE Std 1003.1, pax): blocks of 512 bytes. Only plain files; longer names in a pax record. */
const block = 512;
const nameBytesMax = 100;
/** Paths of a version are far shorter; a longer one is somebody's attempt. */
const pathBytesMax = 400;
/** What may follow the last entry: the two empty blocks, padded to what tar writes at once. */
const endBytesMax = 65_536;

export interface TarFile {
  path: string;
  bytes: number;
  mode: number;
  content(): AsyncIterable<Uint8Array>;
}

/** Where the fields of a header stand: offset and length. */
const field = {
  name: [0, 100],
  mode: [100, 8],
  owner: [108, 8],
  group: [116, 8],
  size: [124, 12],
  time: [136, 12],
  sum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
} as const satisfies { [name: string]: readonly [number, number] };

function header(name: string, size: number, mode: number, seconds: number, type: string): Uint8Array {
  const bytes = Buffer.alloc(block);
  const put = ([at]: readonly [number, number], text: string) => bytes.write(text, at, 'utf8');
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  put(field.name, name);
  put(field.mode, `${octal(mode, 7)}\0`);
  put(field.owner, `${octal(0, 7)}\0`);
  put(field.group, `${octal(0, 7)}\0`);
  put(field.size, `${octal(size, 11)}\0`);
  put(field.time, `${octal(seconds, 11)}\0`);
  put(field.type, type);
  put(field.magic, 'ustar\x0000');
  put(field.sum, `${octal(sumOf(bytes), 6)}\0 `);
  return bytes;
}

/** The sum of the header's bytes, its own field counted as spaces. */
function sumOf(bytes: Uint8Array): number {
  const [at, length] = field.sum;
  let sum = 0;
  for (let index = 0; index < block; index++) sum += index >= at && index < at + length ? 32 : (bytes[index] ?? 0);
  return sum;
}

const padding = (size: number): Uint8Array => new Uint8Array((block - (size % block)) % block);

/** `length path=value\n`, where the length counts itself. */
function paxRecord(path: string): Buffer {
  const rest = ` path=${path}\n`;
  let length = Buffer.byteLength(rest);
  for (let digits = 0; digits !== `${length}`.length; ) {
    digits = `${length}`.length;
    length = Buffer.byteLength(rest) + digits;
  }
  return Buffer.from(`${length}${rest}`);
}

export async function* writeTar(
  files: Iterable<TarFile> | AsyncIterable<TarFile>,
  seconds: number,
): AsyncGenerator<Uint8Array> {
  for await (const { path, bytes, mode, content } of files) {
    if (Buffer.byteLength(path) > nameBytesMax) {
      const record = paxRecord(path);
      yield header('long-name', record.length, 0o644, seconds, 'x');
      yield record;
      yield padding(record.length);
    }
    yield header(path.slice(0, nameBytesMax), bytes, mode, seconds, '0');
    let written = 0;
    for await (const piece of content()) {
      written += piece.length;
      yield piece;
    }
    if (written !== bytes) throw new Error(`${path} has ${written} bytes, not ${bytes}: it changed while it was read`);
    yield padding(bytes);
  }
  yield new Uint8Array(2 * block);
}

export const tarRefused = (why: string, where?: string): Refused =>
  new Refused({
    code: 'bundle-refused',
    message: `This bundle is refused: ${why}.`,
    ...(where === undefined ? {} : { where }),
    expected: 'a bundle as `reflexe bundle` makes it, signed',
    kept: 'the installed version, which was not touched',
    cure: 'Get the bundle again, and compare its SHA-256 with the one published.',
    retryable: false,
  });

export interface TarEntry {
  path: string;
  bytes: number;
  mode: number;
  /** To be read to its end before the next entry is asked for. */
  content: AsyncIterable<Uint8Array>;
}

/** Reads exactly as many bytes as asked for, from chunks of any size. */
class Bytes {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next piece, of at most `most` bytes; undefined at the end. */
  async some(most: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return undefined;
      this.#rest = next.value;
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  async *pieces(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      const piece = await this.some(left);
      if (piece === undefined) throw tarRefused('it was cut');
      left -= piece.length;
      yield piece;
    }
  }

  async exactly(length: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.pieces(length)) pieces.push(piece);
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  }
}

/**
 * Reads a tar of plain files, in order. Refuses (by throwing Refused `bundle-refused`) links, devices, folders, paths that leave
 * where they are unpacked, doubtful numbers, and anything after the end. The caller judges sizes before it reads a content.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const bytes = new Bytes(source);
  let longName: string | undefined;
  for (;;) {
    const head = await bytes.exactly(block);
    if (head.every((byte) => byte === 0)) {
      await onlyZeros(bytes);
      return;
    }
    const { name, size, mode, type } = fieldsOf(head);
    if (type === 'x') {
      if (longName !== undefined || size > block) throw tarRefused('a name in it is doubtful');
      longName = paxPath(await bytes.exactly(size));
      await bytes.exactly(padding(size).length);
      continue;
    }
    const path = longName ?? name;
    longName = undefined;
    if (type !== '0' && type !== '\0')
      throw tarRefused(`it holds something else than plain files (type ${type})`, path);
    if (!isInside(path)) throw tarRefused('a path in it would leave its folder, or is doubtful', path);
    yield { path, bytes: size, mode, content: bytes.pieces(size) };
    await bytes.exactly(padding(size).length);
  }
}

async function onlyZeros(bytes: Bytes): Promise<void> {
  let seen = 0;
  for (let piece = await bytes.some(block); piece !== undefined; piece = await bytes.some(block)) {
    seen += piece.length;
    if (seen > endBytesMax || piece.some((byte) => byte !== 0)) throw tarRefused('something follows its end');
  }
  if (seen < block) throw tarRefused('it was cut');
}

function fieldsOf(head: Uint8Array): { name: string; size: number; mode: number; type: string } {
  const text = ([at, length]: readonly [number, number]) =>
    Buffer.from(head.subarray(at, at + length)).toString('latin1');
  const number = (place: readonly [number, number]): number => {
    const [, digits] = /^0*([0-7]{0,11})[ \0]*$/.exec(text(place)) ?? [];
    if (digits === undefined) throw tarRefused('a number in it is doubtful');
    return digits === '' ? 0 : Number.parseInt(digits, 8);
  };
  if (number(field.sum) !== sumOf(head) || !text(field.magic).startsWith('ustar')) throw tarRefused('it is damaged');
  const [at, length] = field.name;
  const name = Buffer.from(head.subarray(at, at + length))
    .toString('utf8')
    .replace(/\0.*$/s, '');
  // A prefix (field 345) would be a second way to name a file; we never write one.
  if (head[345] !== 0) throw tarRefused('a name in it is doubtful', name);
  return { name, size: number(field.size), mode: number(field.mode), type: text(field.type) };
}

function paxPath(record: Uint8Array): string {
  const [, length, path] = /^(\d{1,4}) path=([^\n]+)\n$/.exec(Buffer.from(record).toString('utf8')) ?? [];
  if (path === undefined || Number(length) !== record.length) throw tarRefused('a name in it is doubtful');
  return path;
}

/** Relative, plain names only, nowhere up: what is unpacked stays where it is unpacked, on any file system. */
export const isInside = (path: string): boolean =>
  Buffer.byteLength(path) <= pathBytesMax &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..') &&
  !/[\\\u0000-\u001f\u007f\ufffd]/.test(path);
