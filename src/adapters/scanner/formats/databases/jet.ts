import type { Torn } from '../torn.ts';
import { foreignPages } from './pages.ts';

/** What the four bytes over the key of the pages are where there is no key: a keystream that all files share. */
const noKey = Buffer.from('fb8abc4e', 'hex');
const keyAt = 0x3e;
const kindMax = 0x0a;

/**
 * Access (Jet 3 and 4, ACE): its maker publishes no description; this is what HACKING of mdbtools says. Pages of 2 or 4 KiB, a kind in the first
 * byte of each (definition, data, table, two of an index, usage), then 0 or 1. Where pages are encrypted by design, the head has their key.
 */
export function jetTorn(content: Buffer): Torn[] | undefined {
  if (!content.subarray(keyAt, keyAt + noKey.length).equals(noKey)) return undefined;
  const pageBytes = content[0x14] === 0 ? 2048 : 4096;
  return foreignPages(content, pageBytes, (at) => (content[at] ?? 0) <= kindMax && (content[at + 1] ?? 0) <= 1);
}
