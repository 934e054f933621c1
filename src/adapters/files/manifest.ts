import { readFile, stat } from 'node:fs/promises';

/** Some hundred thousand files. */
const MANIFEST_BYTES = 64 * 1024 * 1024;

/**
 * Checksums by path, of a file as `sha256sum` writes it: `<hex>  <path>`, a path with a backslash or a line break escaped and
 * its line begun by a backslash. Empty where there is none; null where it is not one.
 */
export async function readManifest(file: string): Promise<ReadonlyMap<string, string> | null> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return new Map();
  if (!found.isFile() || found.size > MANIFEST_BYTES) return null;
  return parseManifest(await readFile(file, 'utf8'));
}

export function parseManifest(text: string): ReadonlyMap<string, string> | null {
  const checksums = new Map<string, string>();
  for (const line of text.split('\n')) {
    const said = line.replace(/\r$/, '');
    if (said === '') continue;
    const [, escaped, hex = '', path = ''] = /^(\\?)([0-9a-f]{64}) [ *](.+)$/i.exec(said) ?? [];
    if (path === '') return null;
    const plain = escaped === '\\' ? path.replaceAll(/\\([\\nr])/g, (_all, what) => escapes[what] ?? what) : path;
    checksums.set(plain.replace(/^\.\//, ''), hex.toLowerCase());
  }
  return checksums;
}

const escapes: { readonly [letter: string]: string } = { '\\': '\\', n: '\n', r: '\r' };
