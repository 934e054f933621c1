import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMapOrRegion } from './regionFolder.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reflexe-region-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (files: { [name: string]: string }) => {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
};
const owner = (id: string, components: string) =>
  `establishment: { id: ${id}, name: ${id} }\nsites: []\ncomponents: [${components}]\n`;
const server = (needs: string) => `{ id: server, kind: server, name: S, needs: ${needs} }`;

describe('a region on disk', () => {
  it('is a folder with region.yaml beside the files and folders of its owners', async () => {
    await write({
      'region.yaml': 'establishment: { id: idf, name: Île-de-France }',
      'host.yaml': owner('host', '{ id: hall, kind: hosting, name: H }'),
      'gh1/map.yaml': owner('gh1', server('host:hall')),
      'gh2/map/a.yaml': owner('gh2', server('gh1:server')),
    });
    const { document, problems, components } = await readMapOrRegion(folder);
    expect(problems).toEqual([]);
    expect(components).toBe(3);
    expect(document?.establishment).toMatchObject({ id: 'idf' });
    expect(document?.components.map(({ id }) => id)).toEqual(['gh1:server', 'gh2:server', 'host:hall']);
  });

  it('is a folder of folders too; problems of each owner and between them have their file', async () => {
    await write({
      'gh1/map.yaml': owner('gh1', server('gh2:serveur')),
      'gh2/map.yaml': owner('gh2', server('gh1:server')),
    });
    expect(await readMapOrRegion(folder)).toMatchObject({
      components: 2,
      problems: [
        { file: join(folder, 'gh1'), code: 'unknown-reference', message: expect.stringContaining('`gh2:server`') },
      ],
    });
    await write({ 'gh2/map.yaml': owner('gh2', server('base')) });
    expect((await readMapOrRegion(folder)).problems).toMatchObject([
      { file: join(folder, 'gh2', 'map.yaml'), line: 3, code: 'unknown-reference' },
    ]);
    await write({ 'gh2/map.yaml': owner('gh1', '') });
    expect((await readMapOrRegion(folder)).problems).toMatchObject([
      { file: join(folder, 'gh2'), code: 'owner-twice', message: expect.stringContaining(join(folder, 'gh1')) },
    ]);
  });

  it('leaves a single hospital’s folder as it was', async () => {
    await write({ 'map.yaml': owner('gh1', server('[]').replace(', needs: []', '')), 'images/note.txt': '' });
    expect((await readMapOrRegion(folder)).document?.components.map(({ id }) => id)).toEqual(['server']);
    expect((await readMapOrRegion(join(folder, 'map.yaml'))).document?.establishment.id).toBe('gh1');
    expect((await readMapOrRegion(join(folder, 'nothing'))).problems).toMatchObject([{ code: 'unreadable' }]);
  });
});
