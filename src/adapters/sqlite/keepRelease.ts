import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { eventsOf } from '../../journal/codec.ts';
import { defineEvent, type NewEvent } from '../../journal/event.ts';
import { openJournal } from '../../journal/open.ts';
import type { World } from '../../journal/queue.ts';
import { accept } from '../../journal/result.ts';
import { documentHash } from '../../journal/seal.ts';
import { headText } from '../../journal/verify.ts';
import { sqliteEngine } from './engine.ts';

/** The notebook's events as release 0.1 published them. A published event never changes: neither does this. */
const NoteTaken = defineEvent('NoteTaken', 1, z.object({ id: z.string(), ward: z.string() }));
const NoteStruck = defineEvent('NoteStruck', 1, z.object({ id: z.string() }));
const WardsListed = defineEvent('WardsListed', 1, z.object({ document: z.string() }));

/** Writes what it is told to: today's rooms have no say in what 0.1 wrote. */
const pen: World<null, NewEvent[]> = { initial: null, evolve: () => null, decide: (_, events) => accept(events) };

/**
 * Writes the journal kept for release 0.1 into `folder`: journal, keys, and the head as an anchor. Run once, when the
 * release was made, as `node src/adapters/sqlite/keepRelease.ts src/journal/fixtures/release-0.1`; every later version replays it.
 */
export async function keepRelease(folder: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'reflexe-release-'));
  let now = Date.parse('2024-08-03T01:12:00.000Z');
  const opened = await openJournal({
    engine: sqliteEngine(work),
    establishment: 'aphp-example',
    events: eventsOf([NoteTaken, NoteStruck, WardsListed]),
    world: pen,
    foldKey: 'release-0.1',
    clock: () => (now += 1_000),
    checkpointEvery: 8,
  });
  if (!opened.ok) throw new Error(opened.refusal.message);
  const { queue, keys, close } = opened.value;
  const note = (id: string, ward: string, text: string, author: string) =>
    NoteTaken.of({ id, ward }, { private: { subject: `person:${author}`, data: { text } } });
  const wards = ['réanimation', 'urgences', 'bloc', 'maternité', 'dialyse 🏥'];
  const listed = documentHash(wards);
  const said = [
    ...wards
      .slice(0, 4)
      .map((ward) => [
        note(`first-${ward}`, ward, `${ward} : passage au papier`, 'ada'),
        note(`second-${ward}`, ward, 'à oublier', 'bob'),
      ]),
    [WardsListed.of({ document: listed }, { documents: { [listed]: wards } })],
    [NoteStruck.of({ id: 'first-bloc' })],
  ];
  for (const events of said) {
    const answer = await queue.submit(events, { actor: 'person:ada' });
    if (!answer.ok) throw new Error(answer.refusal.message);
  }
  keys.erase('person:bob');
  const anchor = headText(queue.durable.head);
  await close();
  for (const file of ['journal.sqlite', 'keys.sqlite']) await cp(join(work, file), join(folder, file));
  await writeFile(join(folder, 'anchor'), `${anchor}\n`);
  await rm(work, { recursive: true });
}

if (import.meta.main) await keepRelease(process.argv[2] ?? 'release');
