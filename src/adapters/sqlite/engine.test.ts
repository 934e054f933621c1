import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { canonical } from '../../journal/canonical.ts';
import { eventsOf } from '../../journal/codec.ts';
import { defineEvent } from '../../journal/event.ts';
import type { FoldProgress } from '../../journal/fold.ts';
import { notebook, notebookEvents } from '../../journal/notebook.ts';
import { type Journal, type OpenOptions, openJournal } from '../../journal/open.ts';
import { headText } from '../../journal/verify.ts';
import { sqliteEngine } from './engine.ts';
import { journalFile } from './journalDatabase.ts';

type Options = OpenOptions<typeof notebook.initial, Parameters<typeof notebook.decide>[1]>;
type Opened = Journal<typeof notebook.initial, Parameters<typeof notebook.decide>[1]>;

const ada = { actor: 'person:ada' };
let folder: string;
let opened: Opened[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reflexe-engine-'));
  opened = [];
});
afterEach(async () => {
  for (const journal of opened) await journal.close();
  await rm(folder, { recursive: true });
});

const attempt = (more: Partial<Options> = {}, path = folder) =>
  openJournal({
    engine: sqliteEngine(path),
    establishment: 'hospital-a',
    events: eventsOf(notebookEvents),
    world: notebook,
    foldKey: 'fold-1',
    clock: () => Date.now(),
    ...more,
  });

async function open(more: Partial<Options> = {}, path = folder): Promise<Opened> {
  const result = await attempt(more, path);
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  opened.push(result.value);
  return result.value;
}

async function close(journal: Opened): Promise<void> {
  opened = opened.filter((one) => one !== journal);
  await journal.close();
}

async function take(journal: Opened, count: number, text?: string): Promise<void> {
  const ids = Array.from({ length: count }, (_, n) => `note-${journal.queue.durable.head.sequence}-${n}`);
  const answers = ids.map((id) =>
    journal.queue.submit({ type: 'take', ward: 'urgences', id, author: 'ada', ...(text && { text }) }, ada),
  );
  for (const answer of await Promise.all(answers)) expect(answer.ok).toBe(true);
}

/** The folder as a crash would leave it: copied while the journal is open. */
async function crashed(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'reflexe-crashed-'));
  await cp(folder, copy, { recursive: true });
  return copy;
}

describe('a journal in a folder', () => {
  it('opens from its snapshot and the tail after it: byte for byte the whole fold', async () => {
    const journal = await open({ snapshotEvery: 100 });
    await take(journal, 250, 'une note');
    await journal.queue.submit({ type: 'listWards', wards: ['réa', 'bloc'] }, ada);
    await journal.saveSnapshot();
    await take(journal, 30);
    const expected = canonical(journal.queue.durable.state);
    const copy = await crashed();

    const tail = await open({}, copy);
    expect(tail.opened).toEqual({ fromSnapshot: 251, folded: 30 });
    expect(canonical(tail.queue.durable.state)).toBe(expected);
    await close(tail);
    const progress: FoldProgress[] = [];
    const whole = await open({ foldKey: 'fold-2', onProgress: (one) => progress.push(one) }, copy);
    expect(whole.opened).toEqual({ fromSnapshot: 0, folded: 281 });
    expect(progress.at(-1)).toEqual({ entries: 281, of: 281 });
    expect(canonical(whole.queue.durable.state)).toBe(expected);
    await close(whole);
    await rm(copy, { recursive: true });
  });

  it('continues after a clean close, and saves a snapshot and a checkpoint then', async () => {
    const first = await open();
    await take(first, 5);
    await close(first);
    const second = await open();
    expect(second.opened).toEqual({ fromSnapshot: 5, folded: 0 });
    await take(second, 1);
    expect(await second.verify()).toMatchObject({
      ok: true,
      entries: 6,
      checkpoints: { examined: 1, lastSequence: 5 },
    });
  });

  it('passes over a damaged or truncated snapshot', async () => {
    const journal = await open();
    await take(journal, 10);
    await close(journal);
    const [name = ''] = (await readdir(folder)).filter((one) => one.startsWith('snapshot-'));
    const whole = readFileSync(join(folder, name));
    const flipped = Buffer.from(whole);
    flipped[whole.length - 40] = (flipped[whole.length - 40] ?? 0) ^ 1;
    for (const bytes of [flipped, whole.subarray(0, -100), Buffer.alloc(0)]) {
      writeFileSync(join(folder, name), bytes);
      const again = await open();
      expect(again.opened).toEqual({ fromSnapshot: 0, folded: 10 });
      await close(again);
    }
  });

  it('passes over a damaged snapshot to the one before it, in many pieces as in one', async () => {
    const journal = await open();
    // Some two hundred kilobytes: several lines, read in several pieces.
    await take(journal, 300, 'une longue note, '.repeat(40));
    await journal.saveSnapshot();
    await take(journal, 20);
    await close(journal);
    const [name = ''] = (await readdir(folder))
      .filter((one) => one.startsWith('snapshot-'))
      .sort()
      .reverse();
    const whole = readFileSync(join(folder, name));
    expect(whole.length).toBeGreaterThan(200_000);
    for (const place of [whole.length >> 1, whole.length - 1]) {
      const flipped = Buffer.from(whole);
      flipped[place] = (flipped[place] ?? 0) ^ 1;
      writeFileSync(join(folder, name), flipped);
      const copy = await crashed();
      const again = await open({}, copy);
      expect(again.opened).toEqual({ fromSnapshot: 300, folded: 20 });
      await close(again);
      await rm(copy, { recursive: true });
    }
    writeFileSync(join(folder, name), whole);
    expect((await open()).opened).toEqual({ fromSnapshot: 320, folded: 0 });
  });

  it('is opened for writing by one process at a time, and says which', async () => {
    await open();
    const refused = await attempt();
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: 'journal-in-use', message: expect.stringContaining(`${process.pid}`) },
    });
  });

  it('takes over from a process that was killed', async () => {
    const script = `
      import { sqliteEngine } from ${JSON.stringify(new URL('./engine.ts', import.meta.url).href)};
      const engine = await sqliteEngine(process.argv[1])();
      console.log(engine.ok);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [said] = await once(child.stdout, 'data');
      expect(String(said)).toBe('true\n');
      expect(await attempt()).toMatchObject({
        refusal: {
          code: 'journal-in-use',
          message: `This journal is already open for writing by process ${child.pid}.`,
        },
      });
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await take(await open(), 1);
  });

  it('is readable by its owner alone, its keys above all', async () => {
    const journal = await open();
    await take(journal, 1, 'secret');
    const modes = (await readdir(folder))
      .filter((name) => name.startsWith('keys.') || name.startsWith('journal.') || name === 'seal-key.pem')
      .map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
    expect(modes.length).toBeGreaterThan(4);
    for (const mode of modes) expect(mode).toEqual([mode[0], '600']);
  });

  it('is not opened for another establishment', async () => {
    const journal = await open();
    await take(journal, 1);
    await close(journal);
    expect(await attempt({ establishment: 'hospital-b' })).toMatchObject({
      refusal: { code: 'journal-other-establishment' },
    });
  });

  it('is read, but not written, when a newer version wrote in it', async () => {
    const Sung = defineEvent('NoteSung', 1, z.object({}));
    const newer = await open({
      events: eventsOf(notebookEvents, [Sung]),
      world: {
        ...notebook,
        decide: (state, command, context) =>
          command.type === 'nothing' ? { ok: true, value: [Sung.of({})] } : notebook.decide(state, command, context),
      },
    });
    await take(newer, 3);
    await newer.queue.submit({ type: 'nothing' }, ada);
    await take(newer, 1);
    await close(newer);
    const snapshots = async () => (await readdir(folder)).filter((name) => name.startsWith('snapshot-'));
    const before = { snapshots: await snapshots(), checkpoints: checkpointsIn(folder) };
    const older = await open({ foldKey: 'older' });
    expect(older.queue.readOnly).toMatchObject({ code: 'event-unknown-newer', where: 'entry 4' });
    expect(older.queue.durable).toMatchObject({ head: { sequence: 3 }, state: { taken: 3 } });
    expect(await older.queue.submit({ type: 'take', ward: 'a' }, ada)).toMatchObject({
      refusal: { code: 'event-unknown-newer' },
    });
    expect(await older.verify()).toMatchObject({ ok: true, entries: 5 });
    await close(older);
    expect({ snapshots: await snapshots(), checkpoints: checkpointsIn(folder) }).toEqual(before);
  });
});

function checkpointsIn(path: string): number[] {
  const database = new DatabaseSync(journalFile(path), { readOnly: true });
  const rows = database.prepare('SELECT sequence FROM checkpoints ORDER BY sequence').all();
  database.close();
  return rows.map(({ sequence }) => Number(sequence));
}

/** A change made behind the journal's back: its guards first taken away. */
function tamper(statements: string): void {
  const database = new DatabaseSync(journalFile(folder));
  const guards = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of guards) database.exec(`DROP TRIGGER ${name}`);
  database.exec(statements);
  for (const { sql } of guards) database.exec(String(sql));
  database.close();
}

describe('a journal that was damaged', () => {
  async function written(count: number): Promise<string> {
    const journal = await open({ checkpointEvery: 10 });
    for (let n = 0; n < count / 10; n++) await take(journal, 10);
    await journal.queue.submit({ type: 'listWards', wards: ['réa'] }, ada);
    const anchor = headText(journal.queue.durable.head);
    await close(journal);
    return anchor;
  }

  it.each([
    ['altered', "UPDATE entries SET form = replace(form, 'urgences', 'urgence5') WHERE sequence = 17", 17],
    ['missing', 'DELETE FROM entries WHERE sequence = 23', 23],
    ['altered in its hash', "UPDATE entries SET hash = replace(hash, 'a', 'b') WHERE sequence = 5", 5],
    [
      'reordered',
      'UPDATE entries SET sequence = -sequence WHERE sequence IN (8, 9); UPDATE entries SET sequence = CASE sequence WHEN -8 THEN 9 ELSE 8 END WHERE sequence < 0',
      8,
    ],
  ])('is refused at start when an entry is %s, naming it', async (_, statements, sequence) => {
    await written(40);
    tamper(statements);
    expect(await attempt({ foldKey: 'another' })).toMatchObject({
      ok: false,
      refusal: {
        code: 'journal-altered',
        where: `entry ${sequence}`,
        kept: expect.stringContaining(`1 to ${sequence - 1}`),
      },
    });
  });

  it('is refused at start when a document was altered', async () => {
    await written(10);
    tamper(`UPDATE documents SET text = '["réa!"]'`);
    expect(await attempt({ foldKey: 'another' })).toMatchObject({
      refusal: { code: 'journal-damaged', message: expect.stringContaining('document') },
    });
  });

  it('is refused when the entry under its snapshot was altered, or its tail cut', async () => {
    await written(20);
    tamper(
      "UPDATE entries SET form = replace(form, 'NoteTaken', 'NoteLost') WHERE sequence = 21; UPDATE entries SET form = replace(form, 'WardsListed', 'WardsLost') WHERE sequence = 21",
    );
    expect(await attempt()).toMatchObject({ refusal: { code: 'journal-altered', where: 'entry 21' } });
    tamper('DELETE FROM entries WHERE sequence > 15');
    expect(await attempt()).toMatchObject({ refusal: { code: 'journal-shortened', where: 'entry 16' } });
  });

  it('is refused when its file is gone, rather than begun anew', async () => {
    await written(10);
    await rm(journalFile(folder));
    expect(await attempt()).toMatchObject({ refusal: { code: 'journal-missing' } });
    expect(existsSync(journalFile(folder))).toBe(false);
  });

  it('is refused when a byte of the write-ahead log was flipped after a crash: acknowledged entries would be lost', async () => {
    const journal = await open();
    for (let n = 0; n < 10; n++) await take(journal, 2);
    const copy = await crashed();
    await close(journal);
    const log = `${journalFile(copy)}-wal`;
    const bytes = readFileSync(log);
    for (const place of [bytes.length - 2_000, Math.floor(bytes.length / 2)]) {
      const flipped = Buffer.from(bytes);
      flipped[place] = (flipped[place] ?? 0) ^ 4;
      const again = await crashedWith(copy, flipped);
      expect(await attempt({}, again)).toMatchObject({ refusal: { code: 'journal-shortened', retryable: false } });
      await rm(again, { recursive: true });
    }
    expect(await attempt({}, copy).then(async (result) => result.ok && (await result.value.close()))).toBe(undefined);
    await rm(copy, { recursive: true });
  });
});

async function crashedWith(from: string, log: Uint8Array): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'reflexe-flipped-'));
  await cp(from, copy, { recursive: true });
  writeFileSync(`${journalFile(copy)}-wal`, log);
  return copy;
}

describe('private parts', () => {
  const everyFile = async (): Promise<Buffer> =>
    Buffer.concat((await readdir(folder)).map((name) => readFileSync(join(folder, name))));

  it('leave the state, the snapshots and the key file when their key is erased; the seal holds', async () => {
    const journal = await open();
    await take(journal, 3, 'Mme Durand, chambre 12');
    await journal.queue.submit({ type: 'take', ward: 'bloc', text: 'salle 2', author: 'bob', id: 'of-bob' }, ada);
    await journal.saveSnapshot();
    const key = Buffer.from(journal.keys.keyFor('person:ada').key);
    expect((await everyFile()).includes(key)).toBe(true);
    expect((await everyFile()).includes('Durand')).toBe(false);
    expect(JSON.stringify(journal.queue.durable.state)).toContain('Durand');

    const heard: unknown[] = [];
    journal.queue.onDurable(({ events, state }) => heard.push(events.length, JSON.stringify(state).includes('Durand')));
    expect(await journal.erase('person:ada')).toEqual({ ok: true, value: undefined });
    expect(heard).toEqual([0, false]);
    expect(JSON.stringify(journal.queue.durable.state)).not.toContain('Durand');
    expect(JSON.stringify(journal.queue.durable.state)).toContain('salle 2');
    expect((await everyFile()).includes(key)).toBe(false);
    expect(await journal.verify()).toMatchObject({ ok: true, entries: 4 });
    const expected = canonical(journal.queue.durable.state);
    await close(journal);
    for (const foldKey of ['fold-1', 'another']) {
      const again = await open({ foldKey });
      expect(canonical(again.queue.durable.state)).toBe(expected);
      await close(again);
    }
  });

  it('are erased while others go on writing', async () => {
    const journal = await open();
    await take(journal, 200, 'à effacer');
    let writing = true;
    const writer = (async () => {
      while (writing) await take(journal, 3, 'écrit pendant ce temps');
    })();
    expect((await journal.erase('person:ada')).ok).toBe(true);
    writing = false;
    await writer;
    expect(JSON.stringify(journal.queue.durable.state)).not.toContain('effacer');
    const expected = canonical(journal.queue.durable.state);
    await close(journal);
    const again = await open({ foldKey: 'another' });
    expect(canonical(again.queue.durable.state)).toBe(expected);
  });
});
