import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { differences } from '../../map/change/apply.ts';
import { smallMap } from '../../map/fixture.ts';
import type { HospitalMap } from '../../map/model.ts';
import { readMapFolder } from './mapFolder.ts';
import { mapYaml } from './mapYaml.ts';
import { changeMapFiles, exportMap } from './saveMap.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reflexe-save-'));
});
afterEach(() => rm(folder, { recursive: true }));

const map = smallMap({ app: 'server', server: null }, { care: { needs: { need: 'app' } } });
const read = async (path: string) => {
  const { document } = await readMapFolder(path);
  if (document === undefined) throw new Error('the map cannot be read');
  return document;
};

describe('a map exported', () => {
  it('to a file or a folder reads back as itself; again, nothing is written', async () => {
    for (const path of [join(folder, 'carte.yaml'), join(folder, 'carte')]) {
      expect(await exportMap(map, path)).toMatchObject({
        ok: true,
        value: expect.arrayContaining([expect.any(String)]),
      });
      expect(await read(path)).toEqual(map);
      expect(await exportMap(map, path)).toEqual({ ok: true, value: [] });
    }
    expect((await readdir(folder, { recursive: true })).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('to a folder takes away files of a former export, and leaves a folder of other files alone', async () => {
    const out = join(folder, 'out');
    await mkdir(out);
    await writeFile(join(out, 'composants-7.yaml'), mapYaml(map));
    expect((await exportMap(map, out)).ok).toBe(true);
    expect(await readdir(out)).toEqual(['composants.yaml', 'etablissement.yaml', 'fonctions-de-soins.yaml']);
    await writeFile(join(out, 'mine.yaml'), 'components: []');
    expect(await exportMap(map, out)).toMatchObject({ refusal: { code: 'export-folder-in-use' } });
  });

  it('of thousands of components is cut into files that can be read', async () => {
    const components = Array.from({ length: 5_000 }, (_, i) => ({
      id: `component-with-a-long-name-${i}`,
      kind: 'server' as const,
      name: { fr: `Composant au nom assez long pour remplir un fichier ${i}` },
    }));
    const large = { ...smallMap({}, {}), components };
    expect((await exportMap(large, folder)).ok).toBe(true);
    expect((await readdir(folder)).length).toBeGreaterThan(2);
    expect(await read(folder)).toEqual(large);
  });
});

describe('changes in the files of a map', () => {
  const changed = (to: HospitalMap, from: HospitalMap = map) => changeMapFiles(folder, to, differences(from, to));

  it('rewrite the things that change where they stand; comments, order and other files stay', async () => {
    const components = `# Applications
components:
  # the record
  - { id: app, kind: service, name: app, needs: h:server } # ours
  # do not touch
  - id: server
    kind: service   # old
    name: server
`;
    await writeFile(join(folder, 'a.yaml'), mapYaml({ ...map, components: [] }));
    await writeFile(join(folder, 'b.yaml'), components);
    const [app, server] = map.components;
    if (app === undefined || server === undefined) throw new Error('two components');
    const to: HospitalMap = { ...map, components: [{ ...app, returnSeconds: 600 }, server, { ...server, id: 'new' }] };
    expect(await changed(to)).toEqual({ ok: true, value: [join(folder, 'b.yaml')] });
    expect(await readFile(join(folder, 'b.yaml'), 'utf8')).toBe(`# Applications
components:
  # the record
  - { id: app, kind: service, name: app, needs: server, return: 10m } # ours
  # do not touch
  - id: server
    kind: service # old
    name: server
  - id: new
    kind: service
    name: server
`);
    expect(await read(folder)).toEqual(to);
    expect(await changed(map, to)).toMatchObject({ ok: true });
    expect(await read(folder)).toEqual(map);
  });

  it('are refused whole where the files would read as another map', async () => {
    const aliased = mapYaml({ ...map, components: [] }).concat(
      'components:\n  - &s { id: server, kind: service, name: server }\n  - { id: app, kind: service, name: { fr: app }, needs: server }\n',
    );
    const text = `${aliased}teams: [{ id: t, name: T }]\n`.replace('  - { id: app', '  - *s\n  - { id: app');
    await writeFile(join(folder, 'a.yaml'), text);
    const [app] = map.components;
    if (app === undefined) throw new Error('a component');
    const to: HospitalMap = { ...map, components: map.components.map((one) => ({ ...one, returnSeconds: 60 })) };
    expect(await changed(to)).toMatchObject({ refusal: { code: 'map-files-not-editable' } });
    expect(await readFile(join(folder, 'a.yaml'), 'utf8')).toBe(text);
  });
});
