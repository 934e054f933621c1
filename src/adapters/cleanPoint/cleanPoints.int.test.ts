import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { CleanPointAsk } from '../../restore/cleanPoint/found.ts';
import type { BackupSource, Work } from '../../restore/ports.ts';
import { type MemoryNight, MemorySource } from '../files/memory.ts';
import { sealerOfThisLife } from '../keys/masterSealer.ts';
import { CleanPoints } from './cleanPoints.ts';

const base = mkdtempSync(join(tmpdir(), 'reflexe-clean-points-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const planted = 'REFLEXE-PLANTED-SIGN';
const sealer = sealerOfThisLife();
const ask: CleanPointAsk = { canaries: [], compromisedSince: null, explained: [] };
const work: Work = { signal: new AbortController().signal, progress: () => {} };
const ordinary = Object.fromEntries(
  Array.from({ length: 25 }, (_, number) => [`reports/${number}.txt`, Buffer.from(`report ${number}\n`.repeat(300))]),
);
const night = (day: number, tree: MemoryNight['tree']): MemoryNight => ({
  time: `2026-03-0${day}T02:00:00.000Z`,
  tree,
});

/** A source that says which nights were restored. */
class Told implements BackupSource {
  readonly restored: string[] = [];
  readonly #source: BackupSource;

  constructor(source: BackupSource) {
    this.#source = source;
  }

  snapshots(asked: Work) {
    return this.#source.snapshots(asked);
  }

  restore(snapshot: string, into: string, asked: Work, part?: string) {
    this.restored.push(snapshot);
    return this.#source.restore(snapshot, into, asked, part);
  }

  entries(snapshot: string, folder: string, asked: Work) {
    return this.#source.entries(snapshot, folder, asked);
  }
}

describe('the clean point of a source whose nights have to be restored', () => {
  let folder: string;
  let nights: MemoryNight[];
  let source: Told;
  let troubles: string[];
  beforeEach(() => {
    troubles = [];
    folder = mkdtempSync(join(base, 'case-'));
    nights = [night(1, ordinary), night(2, { ...ordinary, 'tool.exe': Buffer.from(`… ${planted}`) })];
    source = new Told(new MemorySource(nights));
    write('planted', planted);
  });
  const write = (name: string, text: string) =>
    writeFileSync(join(folder, `${name}.yar`), `rule ${name} { strings: $a = "${text}" condition: $a }`);
  const points = () =>
    new CleanPoints({
      sources: new Map([['ehr', source]]),
      rules: [folder],
      verdicts: join(folder, 'verdicts'),
      staging: join(folder, 'staging'),
      sealer,
      onTrouble: (what) => troubles.push(what),
    });
  const find = async (asked: Partial<CleanPointAsk> = {}) => {
    source.restored.length = 0;
    const found = await points().find('ehr', { ...ask, ...asked }, work);
    if (!found.ok) throw new Error(found.refusal.message);
    return { ...found.value, verdicts: found.value.snapshots.map(({ verdict }) => verdict) };
  };

  test('restores each night once: the next costs its own restoration, and what is not known of it', async () => {
    const first = await find();
    expect(first.verdicts).toEqual(['clean', 'dirty']);
    expect(first.lastClean?.snapshot).toBe('night-0');
    expect(first.contents).toEqual({ scanned: 26, known: 0 });
    expect(first.snapshots[1]).toMatchObject({
      files: 26,
      change: { added: 1, changed: 0, removed: 0 },
      findings: [{ path: '/tool.exe', rule: 'planted' }],
    });
    expect(source.restored).toEqual(['night-0', 'night-1']);
    expect(readdirSync(join(folder, 'staging'))).toEqual([]);

    const again = await find();
    expect({ ...again, contents: null, blobsExamined: 0, bytesExamined: 0 }).toEqual({
      ...first,
      contents: null,
      blobsExamined: 0,
      bytesExamined: 0,
    });
    expect(source.restored).toEqual([]);

    nights.push(night(3, { ...ordinary, 'one.txt': Buffer.from('one more') }));
    const next = await find();
    expect(next.verdicts).toEqual(['clean', 'dirty', 'clean']);
    expect(next.contents).toEqual({ scanned: 1, known: 26 });
    expect(source.restored).toEqual(['night-2']);
  }, 60_000);

  test('restores all nights again for other rules, whose verdicts are others', async () => {
    await find();
    write('report', 'report 24');
    const found = await find();
    expect(found.verdicts).toEqual(['dirty', 'dirty']);
    expect(source.restored).toEqual(['night-0', 'night-1']);
  }, 60_000);

  test('passes by what a person explained, and watches the canaries by their path in the restored tree', async () => {
    expect(
      (await find({ explained: [{ component: 'ehr', rule: 'planted', reach: 'rule' }] })).lastClean?.snapshot,
    ).toBe('night-1');
    const sha256 = createHash('sha256')
      .update(ordinary['reports/1.txt'] ?? '')
      .digest('hex');
    const canaries = [{ path: 'reports/1.txt', sha256 }];
    expect((await find({ canaries })).verdicts).toEqual(['clean', 'dirty']);
    const touched = await find({ canaries: [{ path: 'reports/1.txt', sha256: '0'.repeat(64) }] });
    expect(touched.dirtySince.map(({ rule }) => rule)).toEqual(['canary-altered', 'planted']);
    // Nothing had to be restored for any of these questions but the first.
    expect(source.restored).toEqual([]);
  }, 60_000);

  test('keeps nothing of names in clear, and looks again at what it can no longer open', async () => {
    mkdirSync(join(folder, 'verdicts'));
    writeFileSync(join(folder, 'verdicts', 'earlier.sqlite'), 'tool.exe');
    mkdirSync(join(folder, 'staging', 'killed'), { recursive: true });
    const first = await find();
    expect(readdirSync(join(folder, 'staging'))).toEqual([]);
    const [kept = '', ...others] = readdirSync(join(folder, 'verdicts'));
    expect(others).toEqual([]);
    expect(troubles).toEqual([expect.stringContaining('earlier version')]);
    const file = join(folder, 'verdicts', kept);
    for (const name of ['tool.exe', 'reports/', '.txt']) expect(readFileSync(file).includes(name)).toBe(false);
    truncateSync(file, 10_000);
    expect((await find()).contents).toEqual(first.contents);
    expect(source.restored).toEqual(['night-0', 'night-1']);
    expect(troubles.slice(1)).toEqual([expect.stringContaining('damaged')]);
    expect((await find()).contents).toEqual({ scanned: 0, known: 26 });
  }, 60_000);

  test('names a night that does not come back, and judges the others', async () => {
    nights.splice(0, 1, { ...night(1, ordinary), damaged: true });
    nights.push(night(3, ordinary));
    const found = await find();
    expect(found.verdicts).toEqual(['damaged', 'dirty', 'clean']);
    expect(found.lastClean?.snapshot).toBe('night-2');
  }, 60_000);

  test('refuses a source nobody configured, one out of reach, and stops when told to', async () => {
    expect(await points().find('other', ask, work)).toMatchObject({ ok: false, refusal: { code: 'source-unknown' } });
    source = new Told(new MemorySource(null));
    expect(await points().find('ehr', ask, work)).toMatchObject({ ok: false, refusal: { code: 'backup-unreachable' } });
    source = new Told(new MemorySource(nights));
    const stop = new AbortController();
    const stopping: Work = { signal: stop.signal, progress: () => stop.abort() };
    expect(await points().find('ehr', ask, stopping)).toMatchObject({ ok: false, refusal: { code: 'interrupted' } });
    expect((await find()).verdicts).toEqual(['clean', 'dirty']);
  }, 60_000);
});
