import { mapProblems } from '../../../map/document/check.ts';
import { smallMap } from '../../../map/fixture.ts';
import { Problems } from '../../../map/import/imported.ts';
import { review } from '../../../map/import/review.ts';
import { readMercator } from './read.ts';
import { sqlTables } from './sql.ts';

const dump =
  "-- dump\nINSERT INTO `sites` (`id`, `name`) VALUES (1,'S\\'1');\nINSERT INTO `m_applications` (`id`,`name`,`rto`,`deleted_at`) VALUES (1,'DPI',60,NULL),(2,'Labo',NULL,'2020-01-01');\nINSERT INTO `logical_servers` (`id`,`name`) VALUES (1,'SRV');\nINSERT INTO `logical_server_m_application` (`m_application_id`,`logical_server_id`) VALUES (1,1);\nINSERT INTO `processes` (`id`,`name`) VALUES (1,'Urgences');\nINSERT INTO `m_application_process` (`m_application_id`,`process_id`) VALUES (1,1);\n";
const copy =
  "CREATE TABLE public.sites (id integer NOT NULL, name text, PRIMARY KEY (id));\nCOPY public.sites (id, name) FROM stdin;\n1\tNord\\tEst\n2\t\\N\n\\.\nINSERT INTO public.sites VALUES (3, E'a\\'b');\n";

/** Whatever the bytes: no exception, problems in lines of the file, and a map that holds together and to which it adds nothing more. */
export const fuzz: { name: string; seeds(): Uint8Array[]; run(input: Uint8Array): void } = {
  name: 'Mercator dump',
  seeds: () => [dump, copy, dump.slice(0, 200)].map((text) => new TextEncoder().encode(text)),
  run(input) {
    const text = new TextDecoder().decode(input);
    const problems = new Problems();
    const { tables, isWhole } = sqlTables(text, 'input.sql', problems);
    const things = readMercator(tables, 'input.sql', problems);
    const lines = text.split('\n').length;
    if (problems.all().some(({ row = 1 }) => row < 1 || row > lines)) throw new Error('a problem is outside the file');
    const imported = { from: 'mercator', isComplete: isWhole, things, problems: problems.all() };
    const first = review({ ...smallMap({}, {}, []), sites: [] }, imported);
    const wrong = mapProblems(first.map).find(({ severity }) => severity === 'error');
    if (wrong !== undefined) throw new Error(`the map does not hold together: ${wrong.code} ${wrong.message}`);
    const again = review(first.map, imported, { memory: first.memory });
    if (again.changes.length > 0)
      throw new Error(`a second import changes ${JSON.stringify(again.changes[0]).slice(0, 300)}`);
  },
};
