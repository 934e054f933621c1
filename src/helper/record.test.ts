import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Fact, HelperRecord } from './record.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(): HelperRecord {
  const opened = HelperRecord.open(folder);
  if (!opened.ok) throw new Error(opened.refusal.message);
  return opened.value;
}

const spec = {
  id: 'site:a',
  program: 'p',
  dataDirectory: '/room/a',
  listens: [80],
  reaches: [{ member: 'site:b', port: 90 }],
  settings: {},
};
const facts: Fact[] = [
  { fact: 'epochSeen', epoch: 4 },
  {
    fact: 'roomOpening',
    room: {
      id: 'r',
      epoch: 4,
      folder: '/room',
      key: 'abcdef',
      boot: 'b',
      phase: 'opening',
      groups: ['/g'],
      members: {},
      indexes: {},
      endedOrphans: [],
    },
  },
  { fact: 'roomOpened', room: 'r', namespace: 7 },
  { fact: 'memberStarting', room: 'r', indexes: { 'site:a': 1, 'site:b': 2 }, spec, digest: 'd' },
  { fact: 'namespaceMade', room: 'r', member: 'site:a', namespace: 8 },
  { fact: 'processStarted', room: 'r', member: 'site:a', process: { role: 'member', pid: 10, startTicks: '1' } },
  { fact: 'memberRunning', room: 'r', member: 'site:a' },
  { fact: 'orphansEnded', room: 'r', pids: [3] },
];

it('remembers in its next life what it recorded in this one', () => {
  const first = open();
  first.append(...facts);
  first.close();
  const second = open();
  expect(second.state).toEqual(first.state);
  expect(second.state.epoch).toBe(4);
  expect(second.state.rooms.r).toMatchObject({
    phase: 'open',
    namespace: 7,
    endedOrphans: [3],
    indexes: { 'site:a': 1, 'site:b': 2 },
  });
  expect(second.state.rooms.r?.members['site:a']).toMatchObject({
    phase: 'running',
    index: 1,
    namespace: 8,
    processes: [{ pid: 10 }],
  });
  second.append({ fact: 'memberEnded', room: 'r', member: 'site:a' });
  expect(second.state.rooms.r?.members['site:a']).toEqual({
    phase: 'ended',
    index: 1,
    spec,
    digest: 'd',
    processes: [],
  });
  second.append({ fact: 'roomClosed', room: 'r' });
  expect(second.state.rooms).toEqual({});
  second.close();
});

it('never lets an epoch go back', () => {
  const record = open();
  record.append({ fact: 'epochSeen', epoch: 4 }, { fact: 'epochSeen', epoch: 2 });
  expect(record.state.epoch).toBe(4);
  record.close();
});

it('puts a long record aside, at a start and while it lives, goes on with its state, and keeps the last eight', () => {
  const first = open();
  first.append(...facts);
  first.close();
  const path = join(folder, 'record.jsonl');
  const archives = () => readdirSync(folder).filter((name) => name.startsWith('record-'));
  const padding = `${JSON.stringify({ fact: 'called', verb: 'status', request: 'x'.repeat(1000) })}\n`;
  for (let round = 0; round < 5; round += 1) {
    writeFileSync(path, padding.repeat(30), { flag: 'a' });
    const opened = HelperRecord.open(folder, 20_000);
    if (!opened.ok) throw new Error(opened.refusal.message);
    expect(opened.value.state).toEqual(first.state);
    opened.value.append({ fact: 'epochSeen', epoch: 4 });
    opened.value.close();
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
  }
  expect(archives()).toHaveLength(5);
  const living = HelperRecord.open(folder, 20_000);
  if (!living.ok) throw new Error(living.refusal.message);
  for (let call = 0; call < 300; call += 1) {
    living.value.append({ fact: 'called', verb: 'status', request: 'x'.repeat(1000), peer: { pid: 1, uid: 2 } });
    expect(statSync(path).size).toBeLessThan(22_000);
  }
  expect(living.value.state).toEqual(first.state);
  living.value.append({ fact: 'epochSeen', epoch: 9 });
  living.value.close();
  expect(archives()).toHaveLength(8);
  const again = HelperRecord.open(folder, 20_000);
  expect(again.ok && again.value.state.epoch).toBe(9);
  if (again.ok) again.value.close();
});
