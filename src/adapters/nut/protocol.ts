/** The text protocol of NUT's upsd (RFC 9271): one request per line, answers of quoted words. */

/** A listing answered whole, or the error that came instead. */
export type NutAnswer = { rows: string[][] } | { error: string };

/**
 * Splits a line into words: bare, or between double quotes with `\"` and `\\` inside (RFC 9271, section 4.1).
 * Lenient with what a driver may put there: an unclosed quote ends with the line.
 */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const character = line.charAt(i);
    if (character === '\\' && quoted && i + 1 < line.length) {
      i += 1;
      word = (word ?? '') + line.charAt(i);
    } else if (character === '"') {
      quoted = !quoted;
      word ??= '';
    } else if (character === ' ' && !quoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/**
 * The answer to `LIST <query>` once it is whole in what was received: the words after the query's own in each row.
 * Undefined while more must come.
 */
export function listAnswer(received: Uint8Array, query: string): NutAnswer | undefined {
  const text = Buffer.from(received.buffer, received.byteOffset, received.byteLength).toString('utf8');
  const asked = query.split(' ');
  const rows: string[][] = [];
  // What follows the last line end is a line not yet whole.
  for (const line of text.split('\n').slice(0, -1)) {
    const words = wordsOf(line.replace(/\r$/, ''));
    if (words[0] === 'ERR') return { error: words[1] ?? 'UNKNOWN' };
    if (words[0] === 'END' && words[1] === 'LIST') return { rows };
    if (words.length > asked.length && asked.every((word, index) => words[index] === word))
      rows.push(words.slice(asked.length));
  }
  return undefined;
}
