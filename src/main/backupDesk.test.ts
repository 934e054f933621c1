import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { MemorySource } from '../adapters/files/memory.ts';
import type { BackupSource } from '../restore/ports.ts';
import { SourcesDesk } from './backupDesk.ts';
import { memoryWorld } from './fixtures/memoryWorld.ts';

const folder = mkdtempSync(join(tmpdir(), 'reflexe-desk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

const times = ['2026-01-03T02:00:00.000Z', '2026-01-04T02:00:00.000Z'];
const nights = new MemorySource([
  { time: times[0] ?? '', tree: { 'base/1': Buffer.from('one'), 'base/gone': Buffer.from('x') } },
  { time: times[1] ?? '', tree: { 'base/1': Buffer.from('two'), 'base/new': Buffer.from('n'), top: Buffer.from('t') } },
]);
const here = () => new AbortController().signal;

async function deskOver(source: BackupSource = nights) {
  const { world, act } = await memoryWorld(() => Date.parse('2026-01-05T08:00:00.000Z'));
  ended.push(() => world.close());
  await act({ type: 'SeeMeans', means: [{ component: 'db', source: 'nights-db', digest: 'sha256:0' }] });
  await act({
    type: 'RecordNights',
    component: 'db',
    source: 'nights-db',
    nights: times.map((time, index) => ({
      snapshot: `night-${index}`,
      time,
      verdict: 'clean',
      signs: [],
      files: 2,
      bytes: 4,
      change: null,
      notExamined: 0,
    })),
    lastClean: null,
    beforeFirstSign: null,
    lost: null,
    rulesOf: null,
    ruleFiles: 0,
    confinement: 'limits',
    scanned: 0,
    known: 0,
    seconds: 1,
  });
  const place = join(mkdtempSync(join(folder, 'hub-')), 'taken-out');
  const desk = await SourcesDesk.open(world, (name) => (name === 'nights-db' ? source : undefined), place);
  ended.push(() => desk.close());
  return { desk, place, world };
}

const look = (folderOf: string, against: string | null = null) => ({
  component: 'db',
  snapshot: 'night-1',
  folder: folderOf,
  against,
});
const codeOf = (answer: { ok: boolean; refusal?: { code: string } }) => answer.refusal?.code;

describe('the desk of the backups', () => {
  test('tells what stands in a folder, beside another night', async () => {
    const { desk } = await deskOver();
    const compared = await desk.look(look('base', 'night-0'), here());
    expect(compared.ok && compared.value.entries.map(({ name, change }) => `${name} ${change}`)).toEqual([
      '1 changed',
      'gone removed',
      'new added',
    ]);
  });
  test('hands one file over, with nothing of it left on the disk while it is read', async () => {
    const { desk, place } = await deskOver();
    const file = await desk.fetch({ component: 'db', snapshot: 'night-0', path: 'base/1' }, 'person:a', here());
    if (!file.ok) throw new Error(file.refusal.code);
    expect(readdirSync(place)).toEqual([]);
    expect(file.value).toMatchObject({ name: '1', bytes: 3 });
    expect(await text(file.value.content)).toBe('one');
  });
  test('the journal knows who took it before it leaves; what cannot be journalled does not leave', async () => {
    const { desk, world, place } = await deskOver();
    const before = world.journal.queue.durable.head.sequence;
    const file = await desk.fetch({ component: 'db', snapshot: 'night-0', path: 'base/1' }, 'person:a', here());
    expect(file.ok && world.journal.queue.durable.head.sequence).toBe(before + 1);
    if (file.ok) file.value.content.destroy();
    await world.journal.close();
    const refused = await desk.fetch({ component: 'db', snapshot: 'night-0', path: 'base/1' }, 'person:a', here());
    expect(refused.ok).toBe(false);
    expect(readdirSync(place)).toEqual([]);
  });
  test('takes out no folder, nothing of a night or component it does not know', async () => {
    const { desk } = await deskOver();
    const ask = (component: string, snapshot: string, path: string) =>
      desk.fetch({ component, snapshot, path }, 'person:a', here()).then(codeOf);
    expect(await ask('db', 'night-0', 'base')).toBe('part-not-a-file');
    expect(await ask('db', 'night-9', 'base/1')).toBe('snapshot-unknown');
    expect(await ask('pacs', 'night-0', 'base/1')).toBe('component-not-restorable');
    expect(codeOf(await desk.look(look('nowhere'), here()))).toBe('path-unknown');
  });
  test('looks at two at once, and says so to the third', async () => {
    const held = Promise.withResolvers<void>();
    const slow: BackupSource = {
      snapshots: () => nights.snapshots(),
      restore: (...call) => nights.restore(...call),
      entries: async (snapshot, at) => {
        await held.promise;
        return nights.entries(snapshot, at);
      },
    };
    const { desk } = await deskOver(slow);
    const both = [desk.look(look(''), here()), desk.look(look(''), here())];
    expect(codeOf(await desk.look(look(''), here()))).toBe('backup-desk-busy');
    held.resolve();
    expect((await Promise.all(both)).map(({ ok }) => ok)).toEqual([true, true]);
    expect((await desk.look(look(''), here())).ok).toBe(true);
  });
  test('stops and leaves nothing where nobody waits any more', async () => {
    const stop = new AbortController();
    const left: BackupSource = {
      snapshots: () => nights.snapshots(),
      entries: (snapshot, at) => nights.entries(snapshot, at),
      restore: async (snapshot, into, work, part) => {
        writeFileSync(join(into, 'half'), 'half');
        stop.abort();
        return nights.restore(snapshot, into, work, part);
      },
    };
    const { desk, place } = await deskOver(left);
    const file = await desk.fetch({ component: 'db', snapshot: 'night-0', path: 'base/1' }, 'person:a', stop.signal);
    expect(codeOf(file)).toBe('interrupted');
    expect(readdirSync(place)).toEqual([]);
  });
  test('removes what a life that was cut short left, folders that forbid it included', async () => {
    const place = mkdtempSync(join(folder, 'left-'));
    mkdirSync(join(place, 'part-1', 'closed'), { recursive: true });
    writeFileSync(join(place, 'part-1', 'closed', 'patients.csv'), 'x');
    chmodSync(join(place, 'part-1', 'closed'), 0o500);
    const { world } = await deskOver();
    await SourcesDesk.open(world, () => undefined, place);
    expect(existsSync(place)).toBe(false);
  });
});
