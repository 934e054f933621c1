import { readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqliteEngine } from '../adapters/sqlite/engine.ts';
import { eventsOf } from '../journal/codec.ts';
import { notebook, notebookEvents } from '../journal/notebook.ts';
import { openJournal } from '../journal/open.ts';
import { exchange } from './journalCheckpoint.ts';
import { countersigned, countersignFile } from './journalCountersign.ts';
import { verifyFolder } from './journalVerdict.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reflexe-countersign-'));
  await write('a', 'hospital-a', 12);
  await write('b', 'hospital-b', 3);
});
afterAll(() => rm(root, { recursive: true }));

const place = (...path: string[]): string => join(root, ...path);

/** Writes `count` notes into the real journal of an establishment, and closes it. */
async function write(folder: string, establishment: string, count: number): Promise<void> {
  const opened = await openJournal({
    engine: sqliteEngine(place(folder)),
    establishment,
    events: eventsOf(notebookEvents),
    world: notebook,
    foldKey: 'fold-1',
    clock: Date.now,
    checkpointEvery: 5,
  });
  if (!opened.ok) throw new Error(opened.refusal.message);
  for (let n = 0; n < count; n++) {
    const taken = await opened.value.queue.submit({ type: 'take', ward: `ward-${n}` }, { actor: 'person:ada' });
    expect(taken.ok).toBe(true);
  }
  await opened.value.close();
}

const ask = (folder: string, out: string, since?: string) =>
  exchange(place(folder), { out: place(out), ...(since === undefined ? {} : { since }) });
const sign = (file: string) => countersignFile(place(file), { data: place('b'), out: place(`${file}.answer`) });
const keep = (folder: string, file: string) => exchange(place(folder), { add: place(`${file}.answer`) });

describe('two sites countersign by files', () => {
  it('the whole way: asked, signed, kept, seen by every verification', async () => {
    expect(await ask('a', 'first')).toMatchObject({ ok: true, value: { since: 0, left: 0 } });
    expect(await sign('first')).toMatchObject({
      ok: true,
      value: { ok: true, site: 'hospital-b', establishment: 'hospital-a', again: false },
    });
    expect(await keep('a', 'first')).toMatchObject({ ok: true, value: { added: true, site: 'hospital-b' } });
    expect(await keep('a', 'first')).toMatchObject({ ok: true, value: { added: false } });
    expect(await verifyFolder(place('a'))).toMatchObject({
      value: { ok: true, entries: 12, countersigned: [{ site: 'hospital-b', sequence: 12 }] },
    });
    expect(await verifyFolder(place('a'), place('first.answer'))).toMatchObject({
      value: { ok: true, anchored: true },
    });
  });

  it('the next shows only what is new, and is signed because it extends', async () => {
    await write('a', 'hospital-a', 5);
    expect(await ask('a', 'second')).toMatchObject({
      value: { since: 12, checkpoint: expect.stringMatching(/^1:17:/) },
    });
    expect(JSON.parse(readFileSync(place('second'), 'utf8')).forms).toHaveLength(5);
    expect(await sign('second')).toMatchObject({ value: { ok: true } });
    expect(await sign('second')).toMatchObject({ value: { ok: true, again: true } });
    expect(await keep('a', 'second')).toMatchObject({ value: { added: true } });
    expect(await sign('first')).toMatchObject({ ok: false, refusal: { code: 'checkpoint-not-higher' } });
  });

  it('a journal brought back to the past and continued otherwise is named a fork, with evidence', async () => {
    await cp(place('a'), place('past'), { recursive: true });
    await write('past', 'hospital-a', 2);
    await write('a', 'hospital-a', 3);
    expect(await ask('a', 'third')).toMatchObject({ ok: true });
    expect(await sign('third')).toMatchObject({ value: { ok: true } });
    expect(await keep('a', 'third')).toMatchObject({ ok: true });
    await write('past', 'hospital-a', 4);
    expect(await ask('past', 'forked')).toMatchObject({ ok: true });
    const outcome = await sign('forked');
    expect(outcome).toMatchObject({
      ok: true,
      value: { ok: false, refusal: { code: 'journal-forked' }, evidence: { signed: { sequence: 20 } } },
    });
    const listed = await countersigned(place('b'));
    expect(listed).toMatchObject({ value: { ok: false, forks: [{ fork: { epoch: 1 } }] } });
    const [last] = listed.ok ? listed.value.signed : [];
    expect(last).toMatchObject({ establishment: 'hospital-a', head: expect.stringMatching(/^1:20:/) });
    // What the other site vouches for tells the false history from the true one, by voice if need be.
    expect(await verifyFolder(place('a'), last?.code)).toMatchObject({ value: { ok: true, anchored: true } });
    expect(await verifyFolder(place('past'), last?.code)).toMatchObject({ value: { ok: false, anchored: false } });
    expect(await keep('past', 'third')).toMatchObject({
      ok: false,
      refusal: { code: 'countersignature-other-journal' },
    });
  });

  it('refuses altered and foreign files, naming them, and signs or adds nothing', async () => {
    const text = readFileSync(place('third'), 'utf8');
    writeFileSync(place('altered'), text.replace('ward-', 'Ward-'));
    expect(await sign('altered')).toMatchObject({ ok: false, refusal: { code: 'countersign-proof-broken' } });
    for (const [name, content] of Object.entries({ empty: '', cut: text.slice(0, 900), list: '[]', answer: '{}' })) {
      writeFileSync(place(name), content);
      expect(await sign(name)).toMatchObject({
        ok: false,
        refusal: { code: 'exchange-file-unreadable', where: place(name) },
      });
    }
    expect(await ask('b', 'own')).toMatchObject({ ok: true });
    expect(await sign('own')).toMatchObject({ ok: false, refusal: { code: 'countersign-own' } });
    writeFileSync(
      place('forged.answer'),
      readFileSync(place('third.answer'), 'utf8').replace('hospital-b', 'hospital-c'),
    );
    expect(await keep('a', 'forged')).toMatchObject({ refusal: { code: 'countersignature-not-genuine' } });
    expect(await exchange(place('a'), {})).toMatchObject({ ok: false, refusal: { code: 'usage' } });
  });

  it('a countersignature altered beside the journal is the first thing wrong', async () => {
    await cp(place('a'), place('tampered'), { recursive: true });
    const file = place('tampered', 'countersignatures.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('hospital-b', 'hospital-x'));
    expect(await verifyFolder(place('tampered'))).toMatchObject({
      value: { ok: false, firstBad: { sequence: 12, reason: expect.stringContaining('hospital-x') } },
    });
    writeFileSync(file, 'nonsense\n');
    expect(await verifyFolder(place('tampered'))).toMatchObject({
      ok: false,
      refusal: { code: 'countersignatures-damaged', where: `${file}:1` },
    });
  });
});
