import {
  chmodSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MARKER, placeMarker } from './attack/guards.ts';
import { plant } from './attack/implant.ts';
import { AttackRefused, attack, RANSOM_NOTE } from './attacker.ts';
import { openRun, type Run } from './run/run.ts';

const CONTENT = 'Compte rendu. '.repeat(2_000);
let outside: string;
let run: Run;
let target: string;

beforeEach(async () => {
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'reflexe-attack-')));
  // The services' account must be able to pass, as in a real run.
  chmodSync(outside, 0o711);
  run = await openRun(join(outside, 'run'), new AbortController().signal);
  target = join(run.folder, 'data');
  mkdirSync(join(target, 'deep', 'deeper'), { recursive: true });
  writeFileSync(join(target, 'report.txt'), CONTENT);
  writeFileSync(join(target, 'deep', 'deeper', 'empty'), '');
  writeFileSync(join(target, 'deep', 'image.dcm'), CONTENT);
  placeMarker(target, run.token);
});

afterEach(() => rmSync(outside, { recursive: true, force: true }));

const strike = (targets: string[], runFolder = run.folder) => attack({ runFolder, targets });
const untouched = () => expect(readFileSync(join(target, 'report.txt'), 'utf8')).toBe(CONTENT);

async function refused(code: AttackRefused['code'], targets: string[], runFolder = run.folder) {
  const error = await strike(targets, runFolder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AttackRefused);
  expect(error).toMatchObject({ code });
  untouched();
}

describe('the attacker', () => {
  it('encrypts in place, renames, and leaves a note in every folder', async () => {
    const report = await strike([target]);
    expect(report).toMatchObject({ files: 3, bytes: CONTENT.length * 2, notes: 3, skipped: [] });
    expect(readdirSync(target).sort()).toEqual([MARKER, RANSOM_NOTE, 'deep', 'report.txt.locked'].sort());
    const locked = readFileSync(join(target, 'report.txt.locked'));
    expect(locked.length).toBe(CONTENT.length);
    expect(locked.toString('latin1')).not.toContain('Compte rendu');
    // Repetitive text held few different bytes; what is left holds nearly all of them, about equally.
    const counts = new Array<number>(256).fill(0);
    for (const byte of locked) counts[byte] = (counts[byte] ?? 0) + 1;
    expect(Math.max(...counts) / locked.length).toBeLessThan(0.01);
    expect(new Set(readFileSync(join(target, 'report.txt.locked')))).not.toEqual(new Set(Buffer.from(CONTENT)));
  });

  it('uses another key each time: the same content never gives the same bytes', async () => {
    await strike([target]);
    const [one, other] = ['report.txt.locked', 'deep/image.dcm.locked'].map((name) => readFileSync(join(target, name)));
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(false);
  });

  it('takes a file of each folder in turn when asked', async () => {
    const second = join(run.folder, 'more');
    mkdirSync(second);
    for (const name of ['a', 'b']) writeFileSync(join(second, name), CONTENT);
    placeMarker(second, run.token);
    const order: string[] = [];
    await attack({
      runFolder: run.folder,
      targets: [second, target],
      order: 'in-turn',
      onProgress: ({ last }) => order.push(last),
    });
    expect(order.map((path) => path.startsWith(second))).toEqual([true, false, true, false, false]);
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    const struck = attack({
      runFolder: run.folder,
      targets: [target],
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(struck).rejects.toThrow();
    expect(readdirSync(join(target, 'deep'))).not.toContain('empty.locked');
    untouched();
  });
});

describe('the attacker touches nothing', () => {
  it('without a marker', async () => {
    unlinkSync(join(target, MARKER));
    await refused('attack-no-marker', [target]);
  });

  it('with the marker of another run', async () => {
    const text = readFileSync(join(target, MARKER), 'utf8');
    writeFileSync(join(target, MARKER), `${'0'.repeat(32)}${text.slice(32)}`);
    await refused('attack-wrong-marker', [target]);
  });

  it('with a marker copied along with its folder, as a restoration does', async () => {
    const copy = join(run.folder, 'restored');
    cpSync(target, copy, { recursive: true });
    await refused('attack-wrong-marker', [copy]);
  });

  it('with a marker that is a link, symbolic or hard', async () => {
    const elsewhere = join(outside, 'marker');
    writeFileSync(elsewhere, readFileSync(join(target, MARKER)));
    unlinkSync(join(target, MARKER));
    symlinkSync(elsewhere, join(target, MARKER));
    await refused('attack-no-marker', [target]);
    unlinkSync(join(target, MARKER));
    linkSync(elsewhere, join(target, MARKER));
    await refused('attack-wrong-marker', [target]);
  });

  it('when one of several targets is refused', async () => {
    const bare = join(run.folder, 'bare');
    mkdirSync(bare);
    await refused('attack-no-marker', [target, bare]);
  });

  it('outside the run’s folder, marked or not', async () => {
    const stranger = join(outside, 'stranger');
    mkdirSync(stranger);
    writeFileSync(join(stranger, 'report.txt'), CONTENT);
    placeMarker(stranger, run.token);
    await refused('attack-outside-run', [stranger]);
    await refused('attack-outside-run', [`${run.folder}/../stranger`]);
    await refused('attack-outside-run', [`${target}/../../stranger`]);
    await refused('attack-outside-run', ['data']);
    expect(readFileSync(join(stranger, 'report.txt'), 'utf8')).toBe(CONTENT);
  });

  it('at the root, the home, the present folder, or above any of them', async () => {
    for (const folder of ['/', homedir(), process.cwd(), tmpdir(), '/etc', '/usr']) {
      await refused('attack-precious-folder', [realpathSync(folder)]);
    }
  });

  it('in the run’s own folder, where its record and its backups are', async () => {
    placeMarker(run.folder, run.token);
    await refused('attack-outside-run', [run.folder]);
  });

  it('through a link, be it the target itself or a folder above it', async () => {
    symlinkSync(target, join(run.folder, 'link'));
    await refused('attack-through-link', [join(run.folder, 'link')]);
    await refused('attack-through-link', [join(run.folder, 'link', 'deep')]);
  });

  it('in a folder that is no run of the lab, or another one put in its place', async () => {
    await refused('attack-no-run', [target], outside);
    await refused('attack-no-run', [target], `${run.folder}/`);
    const copy = join(outside, 'copy');
    cpSync(run.folder, copy, { recursive: true });
    await refused('attack-no-run', [join(copy, 'data')], copy);
  });
});

describe('inside a target, the attacker passes by', () => {
  it('symbolic links to files and folders', async () => {
    const treasure = join(outside, 'treasure');
    mkdirSync(treasure);
    writeFileSync(join(treasure, 'report.txt'), CONTENT);
    symlinkSync(treasure, join(target, 'deep', 'folder-link'));
    symlinkSync(join(treasure, 'report.txt'), join(target, 'file-link'));
    const report = await strike([target]);
    expect(report.files).toBe(3);
    expect(report.skipped.map(({ reason }) => reason)).toEqual(['symbolic link', 'symbolic link']);
    expect(readdirSync(treasure)).toEqual(['report.txt']);
    expect(readFileSync(join(treasure, 'report.txt'), 'utf8')).toBe(CONTENT);
  });

  it('a note’s name already taken by a link', async () => {
    const victim = join(outside, 'victim');
    writeFileSync(victim, CONTENT);
    symlinkSync(victim, join(target, RANSOM_NOTE));
    await strike([target]);
    expect(readFileSync(victim, 'utf8')).toBe(CONTENT);
  });

  it('files another folder also names (hard links)', async () => {
    const shared = join(outside, 'shared');
    writeFileSync(shared, CONTENT);
    linkSync(shared, join(target, 'shared'));
    const report = await strike([target]);
    expect(report.skipped).toEqual([{ path: join(target, 'shared'), reason: 'hard link' }]);
    expect(readFileSync(shared, 'utf8')).toBe(CONTENT);
  });
});

describe('an implant', () => {
  const implant = { path: 'deep/way-back.txt', content: 'to come back by' };
  const lay =
    (folder: string, runFolder = run.folder) =>
    () =>
      plant(runFolder, folder, implant);

  it('is laid where the lab allows it, once, and overwrites nothing', () => {
    lay(target)();
    expect(readFileSync(join(target, implant.path), 'utf8')).toBe(implant.content);
    expect(lay(target)).toThrow('EEXIST');
    untouched();
  });

  it('is laid nowhere else: no marker, outside, above, no run', () => {
    const bare = join(run.folder, 'bare');
    mkdirSync(join(bare, 'deep'), { recursive: true });
    for (const folder of [bare, outside, '/', homedir(), run.folder]) expect(lay(folder)).toThrow(AttackRefused);
    expect(lay(target, outside)).toThrow(AttackRefused);
    expect(readdirSync(join(bare, 'deep'))).toEqual([]);
  });

  it('goes through no link', () => {
    const treasure = join(outside, 'treasure');
    mkdirSync(treasure);
    symlinkSync(treasure, join(target, 'linked'));
    symlinkSync(join(treasure, 'file'), join(target, 'deep', 'name'));
    expect(() => plant(run.folder, target, { path: 'linked/file', content: '' })).toThrow('ENOTDIR');
    expect(() => plant(run.folder, target, { path: 'deep/name', content: '' })).toThrow('EEXIST');
    expect(readdirSync(treasure)).toEqual([]);
  });
});
