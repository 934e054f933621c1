import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../map/compile.ts';
import { mapProblems } from '../../map/document/check.ts';
import { smallMap } from '../../map/fixture.ts';
import { impact } from '../../map/impact.ts';
import { review } from '../../map/import/review.ts';
import type { HospitalMap } from '../../map/model.ts';
import { importFiles } from './files.ts';
import { type ImportFile, type ImportKind, type ImportOptions, readImport } from './readImport.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const file = (content: string | Uint8Array, name = 'applications.csv'): ImportFile[] => [
  { name, bytes: typeof content === 'string' ? bytes(content) : content },
];
const read = async (kind: ImportKind, files: ImportFile[], options?: ImportOptions) => {
  const result = await readImport(kind, files, options);
  if (!result.ok) throw new Error(`${result.refusal.code} ${result.refusal.message}`);
  return result.value;
};
const empty: HospitalMap = { ...smallMap({}, {}, []), sites: [] };
const errors = (map: HospitalMap) => mapProblems(map).filter(({ severity }) => severity === 'error');

const table = `Application;Type;Éditeur;Dépend de;Délai de remise en service (h)
DPI;application;Elvande;SRV-01 | SRV-02;2
SRV-01;serveur;;;
SRV-02;serveur;;;
Labo;logiciel;Biolame;SRV-01, Onduleur A;4
`;

describe('a table', () => {
  const ups: HospitalMap = { ...empty, components: [{ id: 'ups-a', kind: 'ups', name: { fr: 'Onduleur A' } }] };

  it('becomes a change of the map: links by name, choices, suppliers named in passing, units of headings', async () => {
    const imported = await read('csv', file(table));
    expect(imported.columns).toEqual({
      table: 'components',
      columns: {
        Application: 'name',
        Type: 'kind',
        Éditeur: 'supplier',
        'Dépend de': 'needs',
        'Délai de remise en service (h)': 'return:h',
      },
      kind: undefined,
    });
    const found = review(ups, imported);
    expect(found.problems).toEqual([]);
    expect(found.added.map(({ section, id }) => `${section} ${id}`)).toEqual([
      'suppliers elvande',
      'suppliers biolame',
      'components dpi',
      'components srv-01',
      'components srv-02',
      'components labo',
    ]);
    expect(found.map.components[1]).toEqual({
      id: 'dpi',
      kind: 'application',
      name: { fr: 'DPI' },
      supplier: 'elvande',
      needs: { any: [{ need: 'srv-01' }, { need: 'srv-02' }] },
      returnSeconds: 7200,
      origin: { from: 'table:applications', id: 'dpi' },
    });
    expect(found.map.components[4]?.needs).toEqual({ all: [{ need: 'srv-01' }, { need: 'ups-a' }] });
  });

  it('is the same in Windows-1252, UTF-8 with its mark and UTF-16, with semicolons, commas or tabs', async () => {
    const wanted = (await read('csv', file(table))).things;
    const latin = Uint8Array.from(table, (letter) => letter.charCodeAt(0));
    expect((await read('csv', file(latin))).things).toEqual(wanted);
    expect((await read('csv', file(`\ufeff${table}`))).things).toEqual(wanted);
    for (const mark of [true, false]) {
      const utf16 = new Uint8Array(Buffer.from(`${mark ? '\ufeff' : ''}${table}`, 'utf16le'));
      expect((await read('csv', file(utf16))).things).toEqual(wanted);
    }
    for (const separator of [',', '\t']) {
      const said = table
        .replaceAll(', ', ' / ')
        .replaceAll(';', separator)
        .replaceAll(' / ', separator === ',' ? '\n' : ', ');
      const quoted = said.replace(/SRV-01\nOnduleur A/, '"SRV-01\nOnduleur A"').replaceAll('\n', '\r\n');
      const { things } = await read('csv', file(quoted));
      expect(things.map(({ known }) => known)).toEqual(wanted.map(({ known }) => known));
    }
  });

  it('says what is wrong by row and heading, and goes on with the rest', async () => {
    const broken = `Parc du CH, novembre;;;
id;Nom;Type;RTO;Délai de remise en service
a1;Un;serveur;4;2
;;serveur;;
a1;Deux;serveur;;1 h
a3;Trois;soucoupe;;
"a4;Quatre;serveur
`;
    const imported = await read('csv', file(broken));
    const { problems, added } = review(empty, imported);
    expect(problems.map(({ code, row, field }) => [code, row, field])).toEqual([
      ['broken-row', 7, undefined],
      ['bad-cell', 3, 'Délai de remise en service'],
      ['nameless-row', 4, undefined],
      ['bad-cell', 6, 'Type'],
      ['duplicate-identifier', 5, undefined],
    ]);
    expect(problems[4]?.message).toContain('`Un` at applications.csv:3');
    expect(added.map(({ id }) => id)).toEqual(['a1', 'a3']);
  });

  it('is read as a person says its columns are, and refused where nothing says what its rows are called', async () => {
    const odd = 'Blob;Durée\nDPI;90\n';
    expect(await readImport('csv', file(odd))).toMatchObject({ refusal: { code: 'import-columns-unknown' } });
    const columns = { table: 'components' as const, columns: { Blob: 'name', Durée: 'return:min' } };
    const imported = await read('csv', file(odd), { columns });
    expect(imported.things).toMatchObject([{ id: 'dpi', known: { returnSeconds: 5400 } }]);
    expect(imported.columns).toMatchObject(columns);
  });

  it('may be of care functions, wards or suppliers', async () => {
    const cares = await read(
      'csv',
      file('Fonction;Rang;DMIA;RTO (min);Unités;Contact;Téléphone\nUrgences;1;1 h;45;URG, SAMU;Cadre;0199\n'),
    );
    const wards = await read('csv', file('Unité;Site;Lits\nURG;Nord;12\nSAMU;Nord;\n'));
    const withWards = review(empty, wards).map;
    const found = review(withWards, cares);
    expect(found.map.careFunctions).toMatchObject([
      {
        id: 'urgences',
        tier: 1,
        mtpdSeconds: 3600,
        rtoSeconds: 2700,
        wards: ['urg', 'samu'],
        call: { who: 'Cadre', phone: '0199' },
        toConfirm: ['weight'],
      },
    ]);
    expect(errors(found.map)).toEqual([]);
    const suppliers = await read('csv', file('Fournisseur;Téléphone;GTI;GTR (h)\nElvande;0199;15 min;4\n'));
    expect(review(empty, suppliers).map.suppliers).toEqual([
      { id: 'elvande', name: 'Elvande', phone: '0199', mustAnswerWithinSeconds: 900, mustRepairWithinSeconds: 14_400 },
    ]);
  });
});

const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const sources: { kind: ImportKind; path: string; components: number }[] = [
  { kind: 'mercator', path: 'mercator-hospital-demo/database/data/mercator_data_fr.sql', components: 83 },
  { kind: 'mercator', path: 'mercator-hospital-demo/database/data/mercator_data_en.sql', components: 83 },
  { kind: 'netbox', path: 'netbox-demo/json/netbox-demo-v3.6.json', components: 392 },
  { kind: 'glpi', path: 'glpi-inventory/examples', components: 25 },
];

describe('published exports of other tools', () => {
  for (const { kind, path, components } of sources) {
    it(`${path}: a map that holds together; again, it changes nothing; without it, all is gone`, async (context) => {
      if (!existsSync(`${data}${path}`)) return context.skip('skipped: no data');
      const files = await importFiles(`${data}${path}`);
      if (!files.ok) throw new Error(files.refusal.message);
      const imported = await read(kind, files.value);
      const found = review(empty, imported);
      expect(errors(found.map)).toEqual([]);
      expect(found.map.components).toHaveLength(components);
      expect(
        found.map.components.every(({ origin, confirmed }) => origin?.from === kind && confirmed === undefined),
      ).toBe(true);
      for (const memory of [found.memory, undefined]) {
        const again = review(found.map, await read(kind, files.value), { memory });
        expect(again).toMatchObject({ added: [], changed: [], removed: [], conflicts: [], changes: [] });
      }
      const gone = review(found.map, { ...imported, things: [], isComplete: true }, { memory: found.memory });
      expect(gone.removed.length + gone.conflicts.length).toBe(components);
    });
  }

  it('Mercator: a physical server lost takes down the processes whose applications stand on it', async (context) => {
    const path = `${data}${sources[0]?.path}`;
    if (!existsSync(path)) return context.skip('skipped: no data');
    const files = await importFiles(path);
    const { map } = review(empty, await read('mercator', files.ok ? files.value : []));
    const lost = impact(compile(map), new Map([['datastore', 'down']]), { missing: 'up' });
    expect(map.careFunctions.filter(({ id }) => lost.get(id)?.supply === 'lost').map(({ id }) => id)).toContain(
      'urgences',
    );
    expect(map.careFunctions.find(({ id }) => id === 'urgences')).toMatchObject({
      rtoSeconds: 3600,
      toConfirm: expect.arrayContaining(['rtoSeconds']),
    });
  });

  it('NetBox: every power path it traced is a link of ours, and there are no others', async (context) => {
    const path = `${data}netbox-demo/json/netbox-demo-v3.6.json`;
    if (!existsSync(path)) return context.skip('skipped: no data');
    const files = await importFiles(path);
    const content = files.ok ? files.value : [];
    const dump = JSON.parse(new TextDecoder().decode(content[0]?.bytes)) as {
      model: string;
      pk: number;
      fields: { [field: string]: unknown };
    }[];
    const at = (model: string, pk: unknown) =>
      dump.find((one) => one.model === model && one.pk === Number(pk))?.fields ?? {};
    const traced = dump
      .filter(({ model, fields }) => model === 'dcim.powerport' && fields._path !== null)
      .flatMap(({ fields }) => {
        const nodes = at('dcim.cablepath', fields._path).path as string[][];
        const outlet = nodes.at(-1)?.[0]?.split(':')[1];
        return nodes.length < 3
          ? []
          : [`dcim.device:${fields.device} dcim.device:${at('dcim.poweroutlet', outlet).device}`];
      });
    const { things } = await read('netbox', content);
    const pdus = new Set(things.filter(({ known }) => known.kind === 'pdu').map(({ key }) => key));
    const leaves = (need: unknown): string[] => JSON.stringify(need ?? null).match(/dcim\.device:\d+/g) ?? [];
    const ours = things.flatMap(({ key, known }) =>
      leaves(known.needs)
        .filter((on) => pdus.has(on))
        .map((on) => `${key} ${on}`),
    );
    expect(ours.toSorted()).toEqual([...new Set(traced)].toSorted());
    expect(traced.length).toBeGreaterThan(20);
  });
});

describe('any reader', () => {
  /** Ten megabytes of noise, always the same. */
  const garbage = () => {
    const noise = new Uint8Array(10 * 1024 * 1024);
    for (let i = 0, state = 1; i < noise.length; i += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      noise[i] = state >>> 24;
    }
    return noise;
  };

  it('refuses ten megabytes of garbage, of one letter, of quotes, of brackets, saying why', {
    timeout: 120_000,
  }, async () => {
    const size = 10 * 1024 * 1024;
    const noises = [
      garbage(),
      new Uint8Array(size),
      ...['x', '"', "'", ';', '(', '\n'].map((one) => bytes(one.repeat(size))),
    ];
    // A workbook is read by the door of tables, an inventory by that of JSON.
    for (const kind of ['csv', 'mercator', 'netbox'] as const) {
      for (const noise of noises) {
        const result = await readImport(kind, file(noise, 'noise'));
        expect(result).toMatchObject({ ok: false, refusal: { where: 'noise', kept: 'The map is unchanged.' } });
      }
    }
  });

  it('refuses JSON nested beyond all measure, and what is too large to be an inventory', async () => {
    for (const kind of ['netbox', 'glpi'] as const) {
      for (const depth of [200, 100_000]) {
        const deep = file(`${'['.repeat(depth)}${']'.repeat(depth)}`, 'deep.json');
        expect(await readImport(kind, deep)).toMatchObject({ refusal: { message: expect.stringContaining('nested') } });
      }
    }
    const huge = [{ name: 'a', bytes: { byteLength: 2 ** 40 } as Uint8Array }];
    expect(await readImport('csv', huge)).toMatchObject({ refusal: { code: 'import-too-large' } });
    expect(await readImport('csv', [])).toMatchObject({ refusal: { code: 'import-empty' } });
  });

  it('never throws on a broken file, and what it reads makes a map that holds together', async () => {
    const json = JSON.stringify([
      { model: 'dcim.site', pk: 1, fields: { name: 'S' } },
      { model: 'dcim.device', pk: 1, fields: { name: 'a', site: 1, status: 'active', role: 1 } },
      { model: 'dcim.device', pk: 2, fields: { name: 'b', site: 1, status: 'active', cluster: 1 } },
      { model: 'virtualization.cluster', pk: 1, fields: { name: 'c', status: 'active' } },
    ]);
    const inventory = JSON.stringify({
      deviceid: 'x',
      content: { hardware: { name: 'h' }, virtualmachines: [{ name: 'v' }] },
    });
    const wholes: [ImportKind, string][] = [
      ['csv', table],
      ['netbox', json],
      ['glpi', inventory],
    ];
    const insertion = fc.constantFrom('', ';', '"', '\n', '{', ']', '1', 'é', '\0', '|');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...wholes),
        fc.array(fc.tuple(fc.nat(400), fc.nat(8), insertion), { maxLength: 8 }),
        async ([kind, whole], edits) => {
          let text = whole;
          for (const [at, cut, add] of edits) text = text.slice(0, at) + add + text.slice(at + cut);
          const result = await readImport(kind, file(text));
          if (result.ok) expect(errors(review(empty, result.value).map)).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
