import { crc32 } from 'node:zlib';
import type { Torn } from './torn.ts';

const signatureBytes = 8;
const end = 'IEND';

/** Chunks of length, name, content and CRC-32 (ISO/IEC 15948 §5.3) up to IEND; what follows it is not looked at. */
export function pngTorn(content: Buffer): Torn[] {
  const torn: Torn[] = [];
  for (let at = signatureBytes; ; ) {
    const lost: Torn = { from: at, to: content.length, shows: 'broken' };
    if (at + 12 > content.length) return [...torn, lost];
    const [length, name] = [content.readUInt32BE(at), content.toString('latin1', at + 4, at + 8)];
    const next = at + 12 + length;
    if (!/^[A-Za-z]{4}$/.test(name) || next > content.length) return [...torn, lost];
    if (crc32(content.subarray(at + 4, next - 4)) !== content.readUInt32BE(next - 4))
      torn.push({ from: at, to: next, shows: 'broken' });
    if (name === end) return torn;
    at = next;
  }
}
