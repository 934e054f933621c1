import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shippedRules } from '../adapters/scanner/shippedRules.ts';

const entry = fileURLToPath(new URL('./reflexe.ts', import.meta.url));
const hasRestic = existsSync('/usr/bin/restic');
const why = 'restic is not installed: apt-get install restic';

describe('reflexe restore clean-point', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reflexe-clean-point-verb-'));
  const at = (name: string) => join(folder, name);
  const nights: string[] = [];
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeAll(() => {
    if (!hasRestic) return;
    mkdirSync(at('srv'));
    writeFileSync(at('password'), 'a password');
    writeFileSync(
      at('planted.yar'),
      'rule planted {\nmeta:\n date = "2019-05-06"\nstrings:\n $a = "PLANTED-SIGN"\ncondition: $a }',
    );
    for (let number = 0; number < 25; number += 1)
      writeFileSync(at(`srv/${number}.txt`), `compte rendu ${number}\n`.repeat(300));
    restic('init');
    backup(1);
    writeFileSync(at('srv/outil.exe'), '… PLANTED-SIGN');
    backup(2);
  }, 60_000);
  const restic = (...args: string[]): string =>
    execFileSync('restic', ['--repo', at('repository'), '--no-cache', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', RESTIC_PASSWORD_FILE: at('password') },
    });
  const backup = (day: number) => {
    const said = restic('backup', '--json', at('srv'), '--host', 'ehr', '--time', `2026-03-0${day} 02:00:00`);
    nights.push(JSON.parse(said.trim().split('\n').at(-1) ?? '{}').snapshot_id);
  };
  const reflexe = (...args: string[]) => {
    const where = ['--restic', at('repository'), '--password-file', at('password')];
    return spawnSync(process.execPath, [entry, 'restore', 'clean-point', ...where, ...args], { encoding: 'utf8' });
  };
  const found = (...args: string[]) => {
    const { status, stdout } = reflexe('--rules', at('planted.yar'), '--json', ...args);
    return { status, ...JSON.parse(stdout) };
  };
  const isNight = (number: number) => ({ snapshot: expect.stringContaining(nights[number] ?? '?') });

  test('finds the last night with no known sign, says what going back loses, and knows it all when asked again', (context) => {
    if (!hasRestic) return context.skip(why);
    const verdicts = ['--verdicts', at('kept/verdicts.sqlite')];
    const first = found(...verdicts);
    expect(first).toMatchObject({
      status: 0,
      lastClean: isNight(0),
      beforeFirstSign: isNight(0),
      dirtySince: [{ rule: 'planted', nights: 1, ...isNight(1) }],
      lost: { filesAdded: 1, filesChanged: 0, filesRemoved: 0 },
      contents: { scanned: 26, known: 0 },
      blobsExamined: 26,
      notExamined: [],
      rules: { date: '2019-05-06', files: 1, engine: 'yara-x', refused: [] },
    });
    expect(first.snapshots).toMatchObject([
      { verdict: 'clean', suspect: false, files: 25, change: null },
      {
        verdict: 'dirty',
        files: 26,
        change: { added: 1, changed: 0, removed: 0, bytesNew: 16 },
        findings: [{ path: expect.stringMatching(/outil\.exe$/), rule: 'planted' }],
      },
    ]);
    const { seconds: _, contents, blobsExamined, bytesExamined, ...same } = found(...verdicts);
    expect(first).toMatchObject(same);
    expect([contents, blobsExamined, bytesExamined]).toEqual([{ scanned: 0, known: 26 }, 0, 0]);
    expect(readFileSync(at('kept/verdicts.sqlite')).includes('outil')).toBe(false);
    writeFileSync(at('letter'), 'a letter');
    expect(found('--verdicts', at('letter')).error.code).toBe('verdicts-unreadable');
    expect(readFileSync(at('letter'), 'utf8')).toBe('a letter');
  }, 60_000);

  test('holds no later night than a person says, and watches the canaries', (context) => {
    if (!hasRestic) return context.skip(why);
    expect(found('--compromised-since', '2026-03-01')).toMatchObject({
      lastClean: null,
      compromisedSince: '2026-03-01T00:00:00.000Z',
      snapshots: [
        { verdict: 'clean', suspect: true },
        { verdict: 'dirty', suspect: true },
      ],
    });
    const sum = createHash('sha256').update('compte rendu 7\n'.repeat(300)).digest('hex');
    writeFileSync(at('canaries'), `${sum}  7.txt\n`);
    expect(found('--canaries', at('canaries'))).toMatchObject({ lastClean: isNight(0) });
    writeFileSync(at('canaries'), `${sum}  8.txt\n`);
    expect(found('--canaries', at('canaries')).snapshots[0].findings).toEqual([
      { path: '8.txt', rule: 'canary-altered', reason: 'the canary is not as it was laid' },
    ]);
  }, 60_000);

  test('names the rules it could not apply, and refuses what it cannot read', (context) => {
    if (!hasRestic) return context.skip(why);
    writeFileSync(at('broken.yar'), 'rule broken { condition: nowhere }');
    expect(found('--rules', at('broken.yar'))).toMatchObject({
      lastClean: isNight(0),
      rules: { files: 2, refused: [{ file: at('broken.yar'), reason: expect.stringContaining('nowhere') }] },
    });
    writeFileSync(at('no-sums'), 'nothing of the kind\n');
    const refused = (...args: string[]) => found(...args).error.code;
    expect(refused('--rules', at('nowhere'))).toBe('rules-unreadable');
    expect(refused('--canaries', at('no-sums'))).toBe('canaries-unreadable');
    expect(refused('--canaries', at('nowhere'))).toBe('canaries-unreadable');
    expect(refused('--compromised-since', 'yesterday or so')).toBe('date-unreadable');
  }, 60_000);

  test('applies the rules that ship where none are named', (context) => {
    if (!hasRestic) return context.skip(why);
    const { rules, lastClean } = JSON.parse(reflexe('--json').stdout);
    expect(rules).toMatchObject({ files: readdirSync(shippedRules).length, engine: 'yara-x', refused: [] });
    expect(lastClean, 'what was planted is known to one rule only').toEqual(expect.objectContaining(isNight(1)));
  }, 60_000);

  test('tells people the night in modest words', (context) => {
    if (!hasRestic) return context.skip(why);
    const { stdout } = reflexe('--rules', at('planted.yar'), '--lang', 'fr');
    expect(stdout).toContain('Dernière nuit sans signe connu : 2026-03-01');
    expect(stdout).toContain('règles du 2019-05-06 ; non examinés : 0');
    expect(stdout).not.toContain('sain');
  }, 60_000);
});
