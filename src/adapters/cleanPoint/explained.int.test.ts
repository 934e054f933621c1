import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { memorySealer } from '../../access/memorySealer.ts';
import { accept } from '../../journal/result.ts';
import { EXPLAINED_FINDINGS_MAX, type Explained } from '../../restore/cleanPoint/explained.ts';
import type { CleanPointAsk } from '../../restore/cleanPoint/found.ts';
import type { Work } from '../../restore/ports.ts';
import { MemorySource } from '../files/memory.ts';
import { newKey, sealerUnder } from '../keys/masterSealer.ts';
import { FolderSource } from '../restic/folderSource.ts';
import { CleanPoints } from './cleanPoints.ts';

const hasRestic = existsSync('/usr/bin/restic');
const why = 'restic is not installed: apt-get install restic';
const base = mkdtempSync(join(tmpdir(), 'reflexe-explained-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const planted = 'REFLEXE-PLANTED-SIGN';
const tool = `our own tool ${planted}`;
const work: Work = { signal: new AbortController().signal, progress: () => {} };
const keyed = () => {
  const key = newKey();
  return (text: string) => sealerUnder(() => [key]).index('explained signs', text);
};

describe('signs that people explained', () => {
  let folder: string;
  let nights: number;
  let points: CleanPoints;
  const sealer = memorySealer();
  const restic = (...args: string[]) =>
    execFileSync('restic', ['--repo', join(folder, 'repository'), '--no-cache', '--quiet', ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', RESTIC_PASSWORD: 'pw' },
      encoding: 'utf8',
    });
  const put = (name: string, content: string) => writeFileSync(join(folder, 'srv', name), content);
  const ofRestic = () =>
    new FolderSource({ repository: join(folder, 'repository'), server: {}, password: async () => accept('pw') });
  const backup = () => {
    nights += 1;
    restic('backup', 'srv', '--host', 'ehr', '--time', `2026-03-0${nights} 02:00:00`);
  };
  const pointsOver = (source: FolderSource | MemorySource, fingerprint?: (text: string) => string) =>
    new CleanPoints({
      sources: new Map([['ehr', source]]),
      rules: [join(folder, 'planted.yar')],
      verdicts: join(folder, 'verdicts'),
      staging: join(folder, 'staging'),
      sealer,
      onTrouble: (what, error) => {
        throw new Error(what, { cause: error });
      },
      fingerprint,
    });
  const ask = (explained: readonly Explained[]): CleanPointAsk => ({ canaries: [], compromisedSince: null, explained });
  const find = async (...explained: Explained[]) => {
    const found = await points.find('ehr', ask(explained), work);
    if (!found.ok) throw new Error(found.refusal.message);
    const { snapshots, lastClean } = found.value;
    const open = (snapshots.at(-1)?.findings ?? []).filter((one) => one.explained !== true);
    return {
      ids: snapshots.map(({ id }) => id),
      verdicts: snapshots.map(({ verdict }) => verdict),
      lastClean: snapshots.findIndex(({ id }) => id === lastClean?.snapshot) + 1,
      open: open.map(({ path }) => path),
    };
  };
  const sighting = (snapshot: string, ...explained: Explained[]) =>
    points.sighting('ehr', ask(explained), { component: 'ehr', snapshot, rule: 'planted' }, work);
  /** What the act of two persons journals, made of what the newest night shows. */
  const explain = async (reach: 'content' | 'place', ...before: Explained[]): Promise<Explained> => {
    const seen = await sighting((await find(...before)).ids.at(-1) ?? '', ...before);
    if (!seen.ok || seen.value.marks === null) throw new Error('nothing to explain');
    return { component: 'ehr', rule: 'planted', reach, marks: seen.value.marks[reach] };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(base, 'case-'));
    nights = 0;
    mkdirSync(join(folder, 'srv'));
    writeFileSync(join(folder, 'planted.yar'), `rule planted { strings: $a = "${planted}" condition: $a }`);
    for (let number = 0; number < 5; number += 1) put(`${number}.txt`, `report ${number}\n`.repeat(400));
    put('tool.exe', tool);
    if (!hasRestic) return;
    restic('init');
    backup();
    points = pointsOver(ofRestic(), keyed());
  });

  test('of their content stay explained wherever it stands; a shell of the same rule dropped the next night is seen', async (context) => {
    if (!hasRestic) return context.skip(why);
    expect((await find()).verdicts).toEqual(['dirty']);
    const explained = await explain('content');
    expect(await find(explained)).toMatchObject({ verdicts: ['clean'], lastClean: 1 });
    rmSync(join(folder, 'srv', 'tool.exe'));
    put('moved.exe', tool);
    backup();
    put('shell.php', `<?php ${planted}`);
    backup();
    expect(await find(explained)).toMatchObject({
      verdicts: ['clean', 'clean', 'dirty'],
      lastClean: 2,
      open: ['/srv/shell.php'],
    });
    const next = await explain('content', explained);
    expect((await find(explained, next)).verdicts).toEqual(['clean', 'clean', 'clean']);
    expect((await find()).verdicts).toEqual(['dirty', 'dirty', 'dirty']);
  }, 120_000);

  test('of their place may change there every night; the same content elsewhere is seen', async (context) => {
    if (!hasRestic) return context.skip(why);
    const explained = await explain('place');
    put('tool.exe', `another night of it, ${planted}`);
    backup();
    put('copy.exe', tool);
    backup();
    expect(await find(explained)).toMatchObject({ verdicts: ['clean', 'clean', 'dirty'], open: ['/srv/copy.exe'] });
  }, 120_000);

  test('are known by marks that say nothing without their key, and to this establishment alone', async (context) => {
    if (!hasRestic) return context.skip(why);
    const [content, place] = [await explain('content'), await explain('place')];
    expect(JSON.stringify([content, place])).not.toMatch(/srv|tool|exe"/);
    points = pointsOver(ofRestic(), keyed());
    expect((await find(content, place)).verdicts).toEqual(['dirty']);
    expect(await sighting('ab'.repeat(32))).toMatchObject({ refusal: { code: 'snapshot-unknown' } });
    points = pointsOver(ofRestic());
    expect((await find(content, place)).verdicts).toEqual(['dirty']);
    expect(await sighting('')).toMatchObject({ refusal: { code: 'explanation-not-here' } });
  }, 120_000);

  test('are looked at where nights have to be restored, without restoring any, and counted beyond what one explanation binds', async () => {
    const many = Object.fromEntries(
      Array.from({ length: EXPLAINED_FINDINGS_MAX + 1 }, (_, n) => [`a/${n}.exe`, Buffer.from(`${n} ${planted}`)]),
    );
    const time = (day: number) => `2026-03-0${day}T02:00:00.000Z`;
    points = pointsOver(
      new MemorySource([
        { time: time(1), tree: { 'tool.exe': Buffer.from(tool) } },
        { time: time(2), tree: { 'tool.exe': Buffer.from(tool), ...many } },
      ]),
      keyed(),
    );
    // Nobody looked through these nights yet: nothing is known of them.
    expect(await sighting('night-0')).toMatchObject({ refusal: { code: 'sign-unknown' } });
    expect((await find()).verdicts).toEqual(['dirty', 'dirty']);
    expect(await sighting('night-0')).toMatchObject({
      value: { findings: [{ path: '/tool.exe' }], findingsInAll: 1, contents: 1 },
    });
    expect(await sighting('night-1')).toMatchObject({
      value: { findingsInAll: EXPLAINED_FINDINGS_MAX + 2, marks: null },
    });
    const rule: Explained = { component: 'ehr', rule: 'planted', reach: 'rule' };
    expect((await find(rule)).verdicts).toEqual(['clean', 'clean']);
    expect(await sighting('night-1', rule)).toMatchObject({ refusal: { code: 'sign-unknown' } });
  }, 60_000);
});
