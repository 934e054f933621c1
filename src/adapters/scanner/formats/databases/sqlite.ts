import type { Torn } from '../torn.ts';
import { foreignPages } from './pages.ts';

const kinds = new Set([2, 5, 10, 13]);
const headBytes = 8;

/**
 * SQLite («Database File Format» of its documentation): pages of B-trees (§1.6), of what overflows them (§1.7), which begin with the number of
 * their next, and free ones (§1.5), whose leaves keep whatever they held. What is encrypted by design has no such head at all.
 */
export function sqliteTorn(content: Buffer): Torn[] | undefined {
  if (content.length < 512) return undefined;
  const told = content.readUInt16BE(16);
  const pageBytes = told === 1 ? 65_536 : told;
  if (pageBytes < 512 || (pageBytes & (pageBytes - 1)) !== 0) return undefined;
  const usable = pageBytes - (content[20] ?? 0);
  const pages = Math.ceil(content.length / pageBytes);
  const free = freeLeaves(content, pageBytes, pages);
  return foreignPages(content, pageBytes, (at) => {
    // Pages are numbered from 1. The next of an overflow, a trunk of free pages, is one of them, or none.
    if (free.has(at / pageBytes + 1) || content.readUInt32BE(at) <= pages) return true;
    const [cells, start] = [content.readUInt16BE(at + 3), content.readUInt16BE(at + 5) || 65_536];
    return kinds.has(content[at] ?? 0) && headBytes + 2 * cells <= start && start <= usable;
  });
}

function freeLeaves(content: Buffer, pageBytes: number, pages: number): Set<number> {
  const free = new Set<number>();
  let trunk = content.readUInt32BE(32);
  for (let read = 0; read < pages && trunk > 1 && trunk * pageBytes <= content.length; read += 1) {
    const at = (trunk - 1) * pageBytes;
    const leaves = Math.min(content.readUInt32BE(at + 4), pageBytes / 4 - 2);
    for (let leaf = 0; leaf < leaves; leaf += 1) {
      const page = content.readUInt32BE(at + headBytes + 4 * leaf);
      if (page <= pages) free.add(page);
    }
    trunk = content.readUInt32BE(at);
  }
  return free;
}
