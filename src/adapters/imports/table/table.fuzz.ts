import { mapProblems } from '../../../map/document/check.ts';
import { smallMap } from '../../../map/fixture.ts';
import { Problems } from '../../../map/import/imported.ts';
import { review } from '../../../map/import/review.ts';
import { decoded } from '../text.ts';
import { headed } from './columns.ts';
import { csvSheet } from './csv.ts';
import { readRows } from './read.ts';

const table =
  'Application;Type;Éditeur;Dépend de;Site\nDPI;application;Elvande;SRV-01 | SRV-02;Nord\nSRV-01;serveur;;;\n';

/** Whatever the bytes: no exception, problems in rows of the file, a map that holds together, and a second import that changes nothing. */
export const fuzz: { name: string; seeds(): Uint8Array[]; run(input: Uint8Array): void } = {
  name: 'table to import',
  seeds: () => [
    new TextEncoder().encode(table),
    new TextEncoder().encode('Fonction,DMIA,Unités\n"Urgences","1 h","A, B"\n'),
    Uint8Array.from('Fournisseur\tTéléphone\nÉ\t01\n', (letter) => letter.charCodeAt(0)),
  ],
  run(input) {
    const text = decoded(input);
    if (text === undefined) return;
    const problems = new Problems();
    const sheet = csvSheet('input.csv', text, problems);
    const found = headed(sheet);
    if (found === undefined) return;
    const things = readRows(sheet, found, problems);
    const lines = text.split(/\r\n|\r|\n/).length;
    if (problems.all().some(({ row = 1 }) => row < 1 || row > lines)) throw new Error('a problem is outside the file');
    const imported = { from: 'table', isComplete: true, things, problems: problems.all() };
    const first = review({ ...smallMap({}, {}, []), sites: [] }, imported);
    const wrong = mapProblems(first.map).find(({ severity }) => severity === 'error');
    if (wrong !== undefined) throw new Error(`the map does not hold together: ${wrong.code} ${wrong.message}`);
    const again = review(first.map, imported, { memory: first.memory });
    if (again.changes.length > 0)
      throw new Error(`a second import changes ${JSON.stringify(again.changes[0]).slice(0, 300)}`);
  },
};
