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
  return [{ from: headBytes, to: content.length, shows: 'formless' }];
}

/** Whatever its encoding: no control characters but those between words. */
function isText(bytes: Buffer): boolean {
  return bytes.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b);
}
