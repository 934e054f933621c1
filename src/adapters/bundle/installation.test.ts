import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept, type Result, refuse } from '../../journal/result.ts';
import {
  altered,
  assembled,
  forge,
  type Made,
  makeBundle,
  nameOf,
  type Raw,
  vendor,
  vendorPem,
} from './fixtures/bundles.ts';
import { rollBack, type Switched, update } from './installation.ts';
import { linked, manifestOf } from './links.ts';
import { compareReleases, publicKeyOf } from './manifest.ts';
import { wholeOnDisk } from './unpack.ts';

const pinned = createPublicKey(vendorPem);
let folder: string;
let root: string;
const place = (...path: string[]): string => join(folder, ...path);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reflexe-update-'));
  root = place('opt');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const accepts = async () => accept(undefined);
const install = (file: string, older = false): Promise<Result<Switched>> =>
  update({ root, accepts }, file, pinned, older);
const bundle = (made: Made, name = made.release): Promise<string> => makeBundle(place(`${name}.tar.gz`), made);
const running = (): string =>
  execFileSync(join(root, 'current', 'bin', 'reflexe'))
    .toString()
    .trim();
const versions = (): string[] =>
  readdirSync(join(root, 'versions'))
    .filter((name) => !name.startsWith('writer.'))
    .sort();
async function installed(release: string): Promise<void> {
  expect(await install(await bundle({ release }))).toMatchObject({ ok: true, value: { release } });
}

describe('an update', () => {
  it('installs, switches, keeps the former version, goes back and forth, and keeps no third', async () => {
    await installed('1.0.0');
    expect(running()).toBe('1.0.0');
    await installed('1.1.0');
    expect(running()).toBe('1.1.0');
    expect(await rollBack({ root, accepts })).toEqual({ ok: true, value: { release: '1.0.0', previous: '1.1.0' } });
    expect(running()).toBe('1.0.0');
    expect(await rollBack({ root, accepts })).toMatchObject({ value: { release: '1.1.0' } });
    await installed('1.2.0');
    expect(versions()).toEqual(['1.1.0', '1.2.0']);
    expect(await linked(root, 'previous')).toBe('1.1.0');
    expect(await wholeOnDisk(join(root, 'versions', '1.2.0'), await manifestOf(root, '1.2.0'))).toEqual(
      accept(undefined),
    );
  });

  it('is read by the tar of the machine too, with the same files', async () => {
    const file = await bundle({ release: '1.0.0' });
    await mkdir(place('by-tar'));
    execFileSync('tar', ['-xzf', file, '-C', place('by-tar')]);
    await install(file);
    const top = `reflexe-1.0.0-${process.platform}-${process.arch}`;
    execFileSync('diff', ['-r', place('by-tar', top), join(root, 'versions', '1.0.0')]);
  });

  it('done again changes nothing; with another content under one release it is refused; a changed file is found', async () => {
    await installed('1.0.0');
    await installed('1.0.0');
    expect(await linked(root, 'previous')).toBeUndefined();
    const other = await bundle(
      { release: '1.0.0', more: [{ path: 'more', mode: 0o644, content: Buffer.from('x') }] },
      'other',
    );
    expect(await install(other)).toMatchObject({ refusal: { code: 'version-exists' } });
    writeFileSync(join(root, 'versions', '1.0.0', 'package.json'), 'changed');
    expect(await install(place('1.0.0.tar.gz'))).toMatchObject({
      refusal: { code: 'version-damaged', where: expect.stringContaining('package.json') },
    });
  });

  it('refuses an older release, unless it is wanted', async () => {
    await installed('1.10.0');
    const older = await bundle({ release: '1.9.0' });
    expect(await install(older)).toMatchObject({ refusal: { code: 'update-older' } });
    expect(running()).toBe('1.10.0');
    expect(await install(older, true)).toMatchObject({ value: { release: '1.9.0', previous: '1.10.0' } });
    const order = ['1.0.0-rc.1', '1.0.0', '1.0.1', '1.9.0', '1.10.0', '2.0.0'];
    expect([...order].reverse().sort(compareReleases)).toEqual(order);
  });

  it('refuses what its data could not be read by, and another platform, before anything is written', async () => {
    const file = await bundle({ release: '1.0.0' });
    const no = async () => refuse('update-cannot-read-journal', 'It cannot.');
    expect(await update({ root, accepts: no }, file, pinned, false)).toMatchObject({ ok: false });
    const elsewhere = await bundle({ release: '1.0.1', about: { architecture: 'riscv64' } });
    expect(await install(elsewhere)).toMatchObject({ refusal: { code: 'update-other-platform' } });
    expect(versions()).toEqual([]);
    await installed('1.0.0');
    await installed('1.1.0');
    expect(await rollBack({ root, accepts: no })).toMatchObject({ refusal: { code: 'update-cannot-read-journal' } });
    expect(running()).toBe('1.1.0');
  });

  it('says so where there is nothing to go back to', async () => {
    expect(await rollBack({ root, accepts })).toMatchObject({ refusal: { code: 'rollback-nothing' } });
    await installed('1.0.0');
    expect(await rollBack({ root, accepts })).toMatchObject({ refusal: { code: 'rollback-nothing' } });
  });
});

describe('a bundle that is not the one signed is refused, and the installed version goes on', () => {
  const top = `reflexe-2.0.0-${process.platform}-${process.arch}`;
  const refused = async (file: string): Promise<string> => {
    const outcome = await install(file);
    expect(running()).toBe('1.0.0');
    expect(versions()).toEqual(['1.0.0']);
    expect(readdirSync(folder).filter((name) => !name.endsWith('.tar.gz'))).toEqual(['opt']);
    if (outcome.ok) throw new Error('it was accepted');
    expect(outcome.refusal.code).toBe('bundle-refused');
    return `${outcome.refusal.message} ${outcome.refusal.where ?? ''}`;
  };
  let whole: string;
  beforeEach(async () => {
    await installed('1.0.0');
    whole = await bundle({ release: '2.0.0' });
  });
  const forged = (change: (entries: Raw[]) => Raw[] | Buffer) => refused(forge(whole, place('forged.tar.gz'), change));
  const named = (entries: Raw[], name: string): number => entries.findIndex((one) => nameOf(one) === `${top}/${name}`);
  const replaced = (entries: Raw[], name: string, change: (one: Raw) => Raw[]): Raw[] => {
    const at = named(entries, name);
    expect(at).toBeGreaterThanOrEqual(0);
    return entries.flatMap((one, index) => (index === at ? change(one) : [one]));
  };

  it('not signed, or signed by another, or the signature altered', async () => {
    expect(await refused(await bundle({ release: '2.0.0', key: undefined }, 'unsigned'))).toContain('not signed');
    const { privateKey } = generateKeyPairSync('ed25519');
    expect(await refused(await bundle({ release: '2.0.0', key: privateKey }, 'other'))).toContain(
      'not signed by the key',
    );
    const flip = (at: number) => (one: Raw) => {
      one.body[at] = (one.body[at] ?? 0) ^ 1;
      return [one];
    };
    expect(await forged((all) => replaced(all, 'manifest.sig', flip(40)))).toContain('not signed by the key');
    // The last sign before the padding of base64 has bits that decode to nothing.
    expect(await forged((all) => replaced(all, 'manifest.sig', flip(85)))).toContain('not signed by the key');
    expect(await forged((all) => replaced(all, 'manifest.json', flip(200)))).toContain('not signed by the key');
    expect(await forged((all) => all.filter((one) => !nameOf(one).endsWith('.sig')))).toContain('manifest.sig');
  });

  it('each file altered by one bit', async () => {
    const count = forgeCount(whole);
    for (let index = 2; index < count; index++) {
      await forged((all) => {
        const one = all[index];
        // A long name's record is the name of what follows: altered, the file is another.
        if (one !== undefined && one.body.length > 0) one.body[0] = (one.body[0] ?? 0) ^ 1;
        else if (one !== undefined) all[index] = altered(one, { name: `${top}/Empty` });
        return all;
      });
    }
    expect(count).toBe(8);
  });

  it('a file missing, added, doubled, renamed, with another mode, or out of the folder', async () => {
    const extra = (name: string) => (all: Raw[]) => replaced(all, 'empty', (one) => [altered(one, { name }), one]);
    expect(await forged((all) => replaced(all, 'empty', () => []))).toContain('missing');
    expect(await forged(extra(`${top}/extra`))).toContain('does not name');
    expect(await forged((all) => replaced(all, 'empty', (one) => [one, one]))).toContain('does not name');
    expect(await forged(extra('elsewhere/extra'))).toContain('more than one folder');
    expect(await forged((all) => replaced(all, 'package.json', (one) => [altered(one, { mode: '4755' })]))).toContain(
      'mode',
    );
    for (const name of [
      `${top}/../../escape`,
      '/etc/escape',
      `${top}/./a`,
      `${top}//a`,
      `${top}/a\\b`,
      `${top}/a\nb`,
      '..',
    ]) {
      expect(await forged(extra(name))).toContain('leave its folder');
    }
    expect(existsSync('/etc/escape')).toBe(false);
  });

  it('a link, a device, a folder, a hard link, whatever its name', async () => {
    for (const type of ['1', '2', '3', '4', '5', '6', '7', 'g', 'L', 'K', 'S']) {
      const change = (one: Raw) => [altered(one, { type, link: '/etc/passwd' }), one];
      expect(await forged((all) => replaced(all, 'empty', change))).toMatch(/plain files|name in it is doubtful/);
    }
  });

  it('a size beyond what was signed, numbers that are none, and more than was promised', async () => {
    const size = (bytes: number) => (all: Raw[]) =>
      replaced(all, 'data/block.bin', (one) => [
        { ...altered(one, { size: bytes }), body: Buffer.alloc(4 * 1_048_576) },
      ]);
    expect(await forged(size(4 * 1_048_576))).toContain('another size');
    expect(
      await forged((all) => replaced(all, 'manifest.json', (one) => [altered(one, { size: 0o77777777777 })])),
    ).toContain('begin');
    expect(await forged((all) => Buffer.concat([assembled(all), Buffer.alloc(10 * 1_048_576)]))).toContain(
      'follows its end',
    );
    expect(await forged((all) => Buffer.concat([assembled(all), Buffer.from('more')]))).toContain('follows its end');
    const base256 = (one: Raw) => {
      const { header } = altered(one, {});
      header[124] = 0x80;
      return [altered({ header, body: one.body }, {})];
    };
    expect(await forged((all) => replaced(all, 'empty', base256))).toContain('number');
    expect(
      await forged((all) =>
        replaced(all, 'empty', (one) => [{ ...one, header: Buffer.from(one.header).fill(0x20, 148, 150) }]),
      ),
    ).toMatch(/damaged|number/);
  });

  it('cut anywhere, not compressed, or nothing at all', async () => {
    const bytes = readFileSync(whole);
    for (let cut = 0; cut < bytes.length; cut += Math.ceil(bytes.length / 23)) {
      writeFileSync(place('cut.tar.gz'), bytes.subarray(0, cut));
      await refused(place('cut.tar.gz'));
    }
    const tar = gunzipSync(bytes);
    for (const [name, content] of Object.entries({
      plain: tar,
      'tar-cut': gzipSync(tar.subarray(0, tar.length - 1024)),
      junk: Buffer.alloc(900, 7),
    })) {
      writeFileSync(place(`${name}.tar.gz`), content);
      await refused(place(`${name}.tar.gz`));
    }
    await refused(place('nowhere.tar.gz'));
  });

  it('and a link planted where versions are unpacked is not followed', async () => {
    writeFileSync(place('victim.tar.gz'), 'untouched');
    symlinkSync(place('victim.tar.gz'), join(root, 'versions', '2.0.0'));
    await install(whole);
    expect(readFileSync(place('victim.tar.gz'), 'utf8')).toBe('untouched');
    expect(running()).toBe('1.0.0');
  });

  const forgeCount = (file: string): number => {
    let count = 0;
    forge(file, place('count.tar.gz'), (entries) => {
      count = entries.length;
      return entries;
    });
    return count;
  };
});

describe('killed at each moment', () => {
  const child = (file: string, killAt: number) =>
    spawnSync(process.execPath, [
      join(import.meta.dirname, 'fixtures', 'killed.ts'),
      root,
      file,
      vendorPem,
      `${killAt}`,
    ]);

  it('an update leaves one whole version current, and the next one goes through', async () => {
    await installed('1.0.0');
    const file = await bundle({ release: '2.0.0' });
    let killed = 0;
    for (let step = 1; ; step++) {
      await rm(join(root, 'versions', '2.0.0'), { recursive: true, force: true });
      const ended = child(file, step);
      const current = await linked(root, 'current');
      if (current === undefined) throw new Error(`nothing is current after step ${step}`);
      expect(running()).toBe(current);
      expect(await wholeOnDisk(join(root, 'versions', current), await manifestOf(root, current))).toEqual(
        accept(undefined),
      );
      if (ended.signal === null) {
        expect(JSON.parse(ended.stdout.toString())).toMatchObject({ ok: true });
        break;
      }
      killed += 1;
      expect(await install(file)).toMatchObject({ ok: true });
      expect(running()).toBe('2.0.0');
      expect(versions()).toEqual(['1.0.0', '2.0.0']);
      expect(readdirSync(root).sort()).toEqual(['current', 'previous', 'versions']);
      expect(await rollBack({ root, accepts })).toMatchObject({ ok: true });
    }
    // Judged, each of five files, unpacked, synced, named, previous, current, done.
    expect(killed).toBe(12);
  });

  it('so does going back', async () => {
    await installed('1.0.0');
    await installed('2.0.0');
    for (const step of [1, 2]) {
      expect(child('-', step).signal).toBe('SIGKILL');
      const current = await linked(root, 'current');
      expect(running()).toBe(current);
      await install(place('2.0.0.tar.gz'));
    }
  });
});

it('a key that is none is refused', () => {
  for (const pem of [
    '',
    'x',
    generateKeyPairSync('x25519').publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  ]) {
    expect(publicKeyOf(pem, 'key.pem')).toMatchObject({ ok: false, refusal: { code: 'update-key-unreadable' } });
  }
  expect(publicKeyOf(createPublicKey(vendor).export({ format: 'pem', type: 'spki' }).toString(), 'key.pem').ok).toBe(
    true,
  );
});
