import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMapFolder } from './mapFolder.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reflexe-map-'));
});
afterEach(() => rm(folder, { recursive: true }));

const establishment = 'establishment: { id: h, name: H }\nsites: []\n';
const write = async (files: { [name: string]: string }) => {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
};

describe('a map on disk', () => {
  it('is one file, or map.yaml and map/ beside other sections, or every YAML file of a folder', async () => {
    await write({
      'map.yaml': establishment,
      'map/b.yaml': 'components: [{ id: b, kind: server, name: B }]',
      'map/a.yml': 'components: [{ id: a, kind: server, name: A }]',
      'plans.yaml': 'plans: []',
    });
    expect((await readMapFolder(folder)).document?.components.map(({ id }) => id)).toEqual(['a', 'b']);
    expect((await readMapFolder(join(folder, 'map.yaml'))).document?.components).toEqual([]);
    expect(await readMapFolder(join(folder, 'map'))).toMatchObject({
      components: 2,
      problems: [{ file: join(folder, 'map', 'a.yml'), code: 'missing-field' }],
    });
  });

  it('says what is not there', async () => {
    expect((await readMapFolder(join(folder, 'nothing'))).problems).toMatchObject([
      { code: 'unreadable', message: expect.stringContaining('no such file') },
    ]);
    expect((await readMapFolder(folder)).problems).toMatchObject([{ file: folder, code: 'no-map' }]);
  });
});
