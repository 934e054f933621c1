import { type Document, isScalar, visit } from 'yaml';

/**
 * In the order of the file: fields written twice in one mapping, in one walk: the parser's own search compares each with each, and a file of some thousand
 * fields would hold up everything for seconds. Parse with `uniqueKeys: false`, and refuse what this finds.
 */
export function duplicateKeys(document: Document): { offset: number; message: string }[] {
  const found: { offset: number; message: string }[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = `${typeof key.value} ${String(key.value)}`;
        if (seen.has(name)) found.push({ offset: key.range?.[0] ?? 0, message: 'Map keys must be unique' });
        seen.add(name);
      }
    },
  });
  return found.sort((one, other) => one.offset - other.offset);
}

/**
 * How a configuration is parsed: no error is drawn in its line, which takes the square of the line's length, and nothing of it
 * is repeated on the console.
 */
export const plainErrors = { uniqueKeys: false, prettyErrors: false, logLevel: 'error' } as const;
