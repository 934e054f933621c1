import type { Torn } from './torn.ts';

const headBytes = 4096;
/** What is text and then something else by nature: programs that carry their own archive, PostScript with its pictures. */
const carriers = ['#!', '%!', '@echo', '@ECHO'];

/** What begins as text is text to its end. */
export function textTorn(content: Buffer): Torn[] | undefined {
  const head = content.subarray(0, headBytes);
  if (
    head.length < headBytes ||
    !isText(head) ||
    carriers.some((mark) => head.toString('latin1', 0, 5).startsWith(mark))
  )
    return undefined;
  return [{ from: headBytes, to: content.length, shows: 'plain' }];
}

/** Whatever its encoding: no control characters but those between words. */
function isText(bytes: Buffer): boolean {
  const mark = bytes.readUInt16BE(0);
  if (mark !== 0xfffe && mark !== 0xfeff) return bytes.every(isPrinted);
  for (let at = 2; at < bytes.length; at += 2)
    if (!isPrinted(mark === 0xfffe ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))) return false;
  return true;
}

const isPrinted = (code: number): boolean => code >= 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0x1b;
