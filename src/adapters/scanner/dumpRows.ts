const dumpHead = '-- PostgreSQL database dump';
const newline = 0x0a;
const tablesMax = 1000;

/**
 * Rows of each table of a plain dump as pg_dump writes it: lines between `COPY name (…) FROM stdin;` and `\.` (pg_dump, «Notes»;
 * COPY, «Text Format»: a newline inside a value is written `\n`, so a line is a row). Empty where it is no such dump.
 */
export function dumpRows(content: Buffer): { table: string; rows: number }[] {
  if (!content.toString('latin1', 0, 200).includes(dumpHead)) return [];
  const found: { table: string; rows: number }[] = [];
  let at = content.indexOf('\nCOPY ');
  while (at >= 0 && found.length < tablesMax) {
    const lineEnd = content.indexOf(newline, at + 1);
    if (lineEnd < 0) break;
    const [, table] = /^COPY (\S+) .*FROM stdin;$/.exec(content.toString('utf8', at + 1, lineEnd)) ?? [];
    if (table === undefined) {
      at = content.indexOf('\nCOPY ', lineEnd);
      continue;
    }
    const end = content.indexOf('\n\\.\n', lineEnd);
    // A dump cut in the middle of a table says nothing of how many rows it has.
    if (end < 0) break;
    let rows = 0;
    for (
      let next = content.indexOf(newline, lineEnd + 1);
      next >= 0 && next <= end;
      next = content.indexOf(newline, next + 1)
    )
      rows += 1;
    found.push({ table: table.slice(0, 200), rows });
    at = content.indexOf('\nCOPY ', end);
  }
  return found;
}
