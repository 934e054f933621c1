import { describe, expect, it } from 'vitest';
import { Problems } from '../../../map/import/imported.ts';
import { readImport } from '../readImport.ts';
import { sqlTables } from './sql.ts';

const read = (text: string) => {
  const problems = new Problems();
  const { tables, isWhole } = sqlTables(text, 'dump.sql', problems);
  const rows = Object.fromEntries([...tables].map(([table, all]) => [table, all.map(({ fields }) => ({ ...fields }))]));
  return { rows, isWhole, problems: problems.all().map(({ code, row }) => [code, row]) };
};

describe('a dump of a database', () => {
  it('is read as MariaDB writes it: quotes inside texts, comments, several rows a statement', () => {
    const text = `-- a comment; 'not a text'
/*!40101 SET NAMES utf8mb4 */;
INSERT INTO \`t\` (\`id\`, \`name\`) VALUES (1,'l\\'h\\u00f4pital; (a)'),
(2,NULL),(3,'it''s');
`;
    expect(read(text)).toEqual({
      rows: {
        t: [
          { id: '1', name: "l'hu00f4pital; (a)" },
          { id: '2', name: null },
          { id: '3', name: "it's" },
        ],
      },
      isWhole: true,
      problems: [],
    });
  });

  it('is read as PostgreSQL writes it, and where columns are named by the table only', () => {
    const text = `CREATE TABLE public.t (
    id integer DEFAULT nextval('t_id_seq'::regclass) NOT NULL,
    "key" character varying(255),
    CONSTRAINT t_pkey PRIMARY KEY (id)
);
INSERT INTO public.t VALUES (1, 'a\\b');
COPY public.s (id, name) FROM stdin;
1\tNord\\tEst
2\t\\N
\\.
`;
    expect(read(text)).toEqual({
      rows: {
        t: [{ id: '1', key: 'a\\b' }],
        s: [
          { id: '1', name: 'Nord\tEst' },
          { id: '2', name: null },
        ],
      },
      isWhole: true,
      problems: [],
    });
  });

  it('that is cut keeps the rows before, says where, and nothing is held to be gone', async () => {
    const whole = "INSERT INTO `sites` (`id`,`name`) VALUES (1,'A'),\n(2,'B');\n";
    for (const cut of [whole.length - 2, whole.length - 4, whole.length - 8]) {
      const { isWhole, problems, rows } = read(whole.slice(0, cut));
      expect([isWhole, problems.map(([code]) => code), rows.sites?.[0]?.name]).toEqual([false, ['sql-truncated'], 'A']);
    }
    const bytes = new TextEncoder().encode(whole.slice(0, -4));
    expect(await readImport('mercator', [{ name: 'a', bytes }])).toMatchObject({
      ok: true,
      value: { isComplete: false },
    });
    expect(
      read(
        'INSERT INTO `a` (`x`) VALUES (1,2);\nINSERT INTO `b` VALUES (1);\nINSERT INTO `c` (`x`) VALUES (1 2);INSERT INTO `d` (`x`) VALUES (1);',
      ),
    ).toEqual({
      rows: { d: [{ x: '1' }] },
      isWhole: false,
      problems: [
        ['sql-columns', 1],
        ['sql-columns', 2],
        ['sql-broken', 3],
      ],
    });
  });
});
