import { execFileSync } from 'node:child_process';
import { createCipheriv, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CleanPointAsk } from '../../restore/cleanPoint/found.ts';
import type { Work } from '../../restore/ports.ts';
import { sealerOfThisLife } from '../keys/masterSealer.ts';
import { WrittenRepository } from '../restic/fixtures/writtenRepository.ts';
import { openRepository } from '../restic/repository/open.ts';
import { walk } from '../restic/repository/walk.ts';
import { ordinaryLimits } from '../scanner/scanner.ts';
import { type CleanPointRequest, findCleanPoint } from './findCleanPoint.ts';
import { ResticNights } from './resticNights.ts';
import { readRules } from './ruleFiles.ts';

const hasRestic = existsSync('/usr/bin/restic');
const why = 'restic is not installed: apt-get install restic';
const base = mkdtempSync(join(tmpdir(), 'reflexe-clean-point-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const planted = 'REFLEXE-PLANTED-SIGN';
const rulesFile = join(base, 'planted.yar');
const counted = 'COPY public.patients (id, name) FROM stdin;';
const dump = (patients: number) =>
  `--\n-- PostgreSQL database dump\n--\n\n${counted}\n${Array.from({ length: patients }, (_, id) => `${id}\tsomebody\n`).join('')}\\.\n\n`;

const ask: CleanPointAsk = { canaries: [], compromisedSince: null, explained: [] };
const work: Work = { signal: new AbortController().signal, progress: () => {} };

describe('a clean point, in repositories that restic wrote', () => {
  let folder: string;
  let nights = 0;
  beforeAll(() => writeFileSync(rulesFile, `rule planted { strings: $a = "${planted}" condition: $a }`));
  beforeEach(() => {
    folder = mkdtempSync(join(base, 'case-'));
    nights = 0;
    mkdirSync(join(folder, 'srv'));
    if (hasRestic) restic('init');
    for (let number = 0; number < 30; number += 1) put(`${number}.txt`, `report ${number}\n`.repeat(400));
  });
  const put = (name: string, content: string | Buffer) => writeFileSync(join(folder, 'srv', name), content);
  const restic = (...args: string[]) =>
    execFileSync('restic', ['--repo', join(folder, 'repository'), '--no-cache', '--quiet', ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', RESTIC_PASSWORD: 'pw' },
      encoding: 'utf8',
    });
  const backup = (...more: string[]) => {
    nights += 1;
    restic('backup', 'srv', '--host', 'ehr', '--time', `2026-03-0${nights} 02:00:00`, ...more);
  };
  const find = async (more: Partial<CleanPointRequest> = {}, repository = join(folder, 'repository')) => {
    const [rules, opened] = [await readRules([rulesFile]), await openRepository(repository, 'pw')];
    if (!rules.ok || !opened.ok) throw new Error('rules or repository');
    const found = await findCleanPoint(() => new ResticNights(opened.value), {
      rules: rules.value,
      ask,
      work,
      ...more,
    });
    if (!found.ok) throw new Error(found.refusal.message);
    const { snapshots } = found.value;
    return {
      ...found.value,
      verdicts: snapshots.map(({ verdict }) => verdict),
      signs: snapshots.map(({ findings }) => [...new Set(findings.map(({ rule }) => rule))]),
      lastClean: snapshots.findIndex(({ id }) => id === found.value.lastClean?.snapshot) + 1,
    };
  };

  test('of two stages of an attack is the night before the first; a next night costs what it brings', async (context) => {
    if (!hasRestic) return context.skip(why);
    backup();
    put('1.txt', 'changed'.repeat(500));
    backup();
    put('implant.bin', `… ${planted}`);
    backup();
    for (const name of ['2.txt', '3.txt', '4.txt', '5.txt'])
      put(name, createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16)).update('x'.repeat(9000)));
    backup();
    const verdicts = {
      ...{ file: join(folder, 'verdicts'), sealer: sealerOfThisLife(), of: 'ehr', isOurs: false },
      onThrownAway: () => {},
    };
    const found = await find({ verdicts });
    expect(found.verdicts).toEqual(['clean', 'clean', 'dirty', 'dirty']);
    expect(found.lastClean).toBe(2);
    expect(found.signs[3]?.toSorted()).toEqual(['content-encrypted', 'planted']);
    expect(found).toMatchObject({
      contents: { scanned: 36, known: 0 },
      blobsExamined: 36,
      blobsReadAgain: 0,
      notExamined: [],
    });
    put('6.txt', 'one more');
    backup();
    const next = await find({ verdicts });
    expect(next.contents).toEqual({ scanned: 1, known: 36 });
    expect(next.verdicts).toEqual([...found.verdicts, 'dirty']);
  }, 60_000);

  test('sees a pattern that two blobs share between them', async (context) => {
    if (!hasRestic) return context.skip(why);
    // Where restic cuts depends on the bytes around: what it cut is made the pattern, not the pattern put where it cuts.
    put('bulk.bin', randomBytes(12_000_000));
    backup();
    const [first, second] = await blobsOf(join(folder, 'repository'), 'bulk.bin');
    const across = Buffer.concat([first?.subarray(-10) ?? Buffer.of(), second?.subarray(0, 10) ?? Buffer.of()]);
    expect(across).toHaveLength(20);
    const file = join(folder, 'across.yar');
    writeFileSync(
      file,
      `rule across { strings: $a = { ${across.toString('hex')} } condition: $a and filesize == 12000000 }`,
    );
    const rules = await readRules([file]);
    if (!rules.ok) throw new Error(rules.refusal.message);
    expect((await find({ rules: rules.value })).signs).toEqual([['across']]);
  }, 60_000);

  test('is not a night of which patients were emptied, nor one of a damaged pack', async (context) => {
    if (!hasRestic) return context.skip(why);
    put('dump.sql', dump(500));
    backup();
    put('dump.sql', dump(0));
    backup();
    const found = await find();
    expect(found.signs).toEqual([[], ['emptied-table']]);
    expect(found.lastClean).toBe(1);
    const data = join(folder, 'repository', 'data');
    for (const entry of readdirSync(data, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) truncateSync(join(entry.parentPath, entry.name), 10);
    expect((await find()).verdicts).toEqual(['damaged', 'damaged']);
  }, 60_000);

  test('says what a hostile content cost: that one is not examined, the others are', async (context) => {
    if (!hasRestic) return context.skip(why);
    // Shorter than the rules allow for: the scanner is ended while it looks at it, as a hostile one would have it.
    const lines = Array.from({ length: 3_000_000 }, (_, line) => `ligne ${String(line).padStart(13, '0')}\n`);
    put('hostile.bin', lines.join(''));
    backup();
    const limits = { ...ordinaryLimits, contentMilliseconds: 5_000, megabyteMilliseconds: -83.3 };
    const found = await find({ limits });
    expect(found.notExamined).toEqual([
      { path: '/srv/hostile.bin', reason: expect.stringContaining('took more than') },
    ]);
    expect(found.contents.scanned).toBe(31);
    expect(found.verdicts).toEqual(['clean']);
  }, 60_000);

  test('reads a repository that changes meanwhile: what was forgotten is no longer there, what was moved is found', async (context) => {
    if (!hasRestic) return context.skip(why);
    backup();
    // More than is read at once, so that some is still to be read when the first is heard of.
    for (const name of ['a', 'b', 'c']) put(`${name}.txt`, randomBytes(2_500_000).toString('hex'));
    backup();
    put('1.txt', `… ${planted}`);
    backup();
    let heard = 0;
    const progress = () => {
      if (heard++ > 0) return;
      put('2.txt', 'written while others read');
      backup();
      for (const name of ['a', 'b']) rmSync(join(folder, 'srv', `${name}.txt`));
      restic('forget', 'latest', '--prune', '--max-unused', '0');
      restic('forget', '--keep-last', '1', '--prune', '--max-unused', '0', '--group-by', '');
    };
    const found = await find({ work: { ...work, progress } });
    expect(heard).toBeGreaterThan(1);
    // Of nights that were forgotten while they were read, those that could still be read whole are judged.
    expect(found.verdicts).not.toContain('damaged');
    expect(found.verdicts.at(-1)).toBe('dirty');
    expect(found.signs.at(-1)).toEqual(['planted']);
  }, 120_000);

  test('scans a sparse file of gigabytes as it comes, and says that it was in parts', async (context) => {
    if (!hasRestic) return context.skip(why);
    put('disk.raw', '');
    truncateSync(join(folder, 'srv', 'disk.raw'), 1_500_000_000);
    appendFileSync(join(folder, 'srv', 'disk.raw'), planted);
    backup();
    const found = await find();
    expect(found.signs).toEqual([['planted']]);
    expect(found.notExamined).toEqual([{ path: '/srv/disk.raw', reason: expect.stringContaining('scanned in parts') }]);
    // The same blob of zeros again and again is read once.
    expect(found.blobsExamined).toBeLessThan(40);
  }, 120_000);

  test('takes no blob for what it is not, and no size for what is told', async () => {
    const written = new WrittenRepository(join(folder, 'repository-of-a-liar'), 'pw');
    const lie = written.blob(Buffer.from('not what its name says'), 'data', 'ab'.repeat(32));
    const nodes = [
      written.file('true.txt', 'as it is'),
      { ...written.file('lie.txt', 'x'), content: [lie], size: 22 },
      { ...written.file('long.txt', `${'long '.repeat(1000)}${planted}`), size: 3 },
    ];
    written.snapshot(written.tree(nodes));
    written.endPack();
    written.writeIndex();
    const found = await find({}, written.folder);
    expect(found.snapshots[0]).toMatchObject({
      verdict: 'dirty',
      findings: [{ path: '/long.txt', rule: 'planted' }],
      notExamined: [{ path: '/lie.txt', reason: expect.stringContaining('abab') }],
    });
  }, 60_000);

  test('applies all published rules that compile, and finds nothing in plain reports', async (context) => {
    if (!hasRestic) return context.skip(why);
    const published = join(import.meta.dirname, '../../../../shared/data/yara');
    if (!existsSync(published)) return context.skip('skipped: no data');
    backup();
    const rules = await readRules([published]);
    if (!rules.ok) throw new Error(rules.refusal.message);
    const found = await find({ rules: rules.value });
    expect(found.rules.files).toBe(rules.value.texts.length);
    expect(found.rules.refused.length).toBeLessThan(found.rules.files / 2);
    expect(found.verdicts).toEqual(['clean']);
  }, 180_000);

  test('a canary that was touched makes a night dirty', async (context) => {
    if (!hasRestic) return context.skip(why);
    backup();
    const canaries = [{ path: '/srv/1.txt', sha256: '0'.repeat(64) }];
    expect((await find({ ask: { ...ask, canaries } })).signs).toEqual([['canary-altered']]);
  }, 60_000);
});

async function blobsOf(repository: string, name: string): Promise<Buffer[]> {
  const opened = await openRepository(repository, 'pw');
  if (!opened.ok) throw new Error(opened.refusal.message);
  const blobs: Buffer[] = [];
  for await (const entry of walk(opened.value, (await opened.value.snapshots()).whole[0]?.tree ?? ''))
    if ('node' in entry && entry.node.name === name)
      for await (const blob of opened.value.content(entry.node)) blobs.push(blob);
  return blobs;
}
