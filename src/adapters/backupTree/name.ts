import { isUtf8 } from 'node:buffer';

/** A file's name or path: text where its bytes are UTF-8, the bytes themselves where they are not. */
export type Name = string | Buffer;

export const named = (bytes: Buffer): Name => (isUtf8(bytes) ? bytes.toString('utf8') : bytes);

/** Deeper than any path a file system takes (PATH_MAX is 4096 bytes): a longer chain of folders was made to exhaust its reader. */
export const depthMax = 2048;

/** A path of names, the bytes kept as they are. */
export function joined(folder: Name, name: Name): Name {
  if (typeof folder === 'string' && typeof name === 'string') return folder === '' ? name : `${folder}/${name}`;
  return Buffer.concat([bytesOf(folder), Buffer.from(folder.length === 0 ? '' : '/'), bytesOf(name)]);
}

const bytesOf = (name: Name): Buffer => (typeof name === 'string' ? Buffer.from(name) : name);

/** For people and JSON: bytes that are no UTF-8 as `\xff`. */
export function shown(name: Name): string {
  if (typeof name === 'string') return name;
  const text: string[] = [];
  for (let at = 0; at < name.length; ) {
    const length = [1, 2, 3, 4].find((count) => at + count <= name.length && isUtf8(name.subarray(at, at + count)));
    text.push(length === undefined ? `\\x${name.toString('hex', at, at + 1)}` : name.toString('utf8', at, at + length));
    at += length ?? 1;
  }
  return text.join('');
}
