import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../journal/codec.ts';
import { notebook, notebookEvents } from '../../journal/notebook.ts';
import { openJournal } from '../../journal/open.ts';
import { tableEntries } from '../../journal/table.ts';
import { parseHead } from '../../journal/verify.ts';
import { sqliteEngine } from './engine.ts';
import { keepRelease } from './keepRelease.ts';
import { verifyFolder } from './verifyFolder.ts';

const fixtures = fileURLToPath(new URL('../../journal/fixtures/', import.meta.url));

/** What today's code makes of a kept journal: its oldest notes brought up to date, what was erased still erased. */
async function replayed(kept: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reflexe-replay-'));
  await cp(kept, folder, { recursive: true });
  const anchor = parseHead(await readFile(join(folder, 'anchor'), 'utf8'));
  if (anchor === undefined) throw new Error('the kept anchor cannot be read');
  expect(await verifyFolder(folder, anchor)).toMatchObject({
    ok: true,
    value: { ok: true, entries: 10, anchored: true },
  });
  const opened = await openJournal({
    engine: sqliteEngine(folder),
    establishment: 'aphp-example',
    events: eventsOf(notebookEvents),
    world: notebook,
    foldKey: 'today',
    clock: () => Date.now(),
  });
  if (!opened.ok) throw new Error(opened.refusal.message);
  const { queue, close } = opened.value;
  const { notes, taken, wards } = queue.durable.state;
  const sorted = [...tableEntries(notes)].sort(([a], [b]) => (a < b ? -1 : 1));
  expect({ taken, wards, readOnly: queue.readOnly }).toEqual({
    taken: 8,
    wards: ['réanimation', 'urgences', 'bloc', 'maternité', 'dialyse 🏥'],
    readOnly: undefined,
  });
  const note = (ward: string, text: string | null, version: number) => ({ ward, minutes: 0, text, version });
  expect(Object.fromEntries(sorted)).toEqual({
    'first-réanimation': note('réanimation', 'réanimation : passage au papier', 1),
    'second-réanimation': note('réanimation', null, 2),
    'first-urgences': note('urgences', 'urgences : passage au papier', 3),
    'second-urgences': note('urgences', null, 4),
    'second-bloc': note('bloc', null, 6),
    'first-maternité': note('maternité', 'maternité : passage au papier', 7),
    'second-maternité': note('maternité', null, 8),
  });
  expect(await queue.submit({ type: 'take', ward: 'bloc' }, { actor: 'person:ada' })).toMatchObject({
    value: { sequence: 11 },
  });
  await close();
  await rm(folder, { recursive: true });
}

describe('journals kept of each release', () => {
  it('are there', async () => {
    expect(await readdir(fixtures)).toContain('release-0.1');
  });

  it('are read by this version: release 0.1', async () => {
    await replayed(join(fixtures, 'release-0.1'));
  });

  it('can be made again by their script', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reflexe-kept-'));
    await keepRelease(folder);
    await replayed(folder);
    await rm(folder, { recursive: true });
  });
});
