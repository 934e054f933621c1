import { cpSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBundle, vendorPem } from '../adapters/bundle/fixtures/bundles.ts';
import { updateInstallation } from './update.ts';

const kept = fileURLToPath(new URL('../journal/fixtures/release-0.1', import.meta.url));
let prefix: string;
beforeEach(() => {
  prefix = mkdtempSync(join(tmpdir(), 'reflexe-prefix-'));
  mkdirSync(join(prefix, 'etc', 'reflexe'), { recursive: true });
  writeFileSync(join(prefix, 'etc', 'reflexe', 'update-key.pem'), vendorPem);
  cpSync(kept, join(prefix, 'var', 'lib', 'reflexe', 'data', 'journal'), { recursive: true });
});
afterEach(() => rmSync(prefix, { recursive: true, force: true }));

const bundle = (release: string, events?: { [type: string]: number }): Promise<string> =>
  makeBundle(join(prefix, `${release}.tar.gz`), { release, ...(events === undefined ? {} : { about: { events } }) });
const current = (): string => readlinkSync(join(prefix, 'opt', 'reflexe', 'current'));
const forgetful = { NoteTaken: 1, NoteStruck: 1 };

describe('reflexe update', () => {
  it('takes what the installation’s own key signed, and says what it replaced', async () => {
    expect(await updateInstallation(await bundle('1.0.0'), { prefix })).toMatchObject({
      value: { ok: true, from: null },
    });
    expect(await updateInstallation(await bundle('1.1.0'), { prefix })).toMatchObject({
      value: { release: '1.1.0', from: '1.0.0', previous: '1.0.0' },
    });
    expect(await updateInstallation(undefined, { prefix, rollback: true })).toMatchObject({
      value: { release: '1.0.0', from: '1.1.0' },
    });
    expect(current()).toBe('versions/1.0.0');
  });

  it('refuses a version that does not know an event of the journal, forwards and back, unless reading is enough', async () => {
    await updateInstallation(await bundle('1.0.0', forgetful), { prefix, readOnly: true });
    expect(current()).toBe('versions/1.0.0');
    await updateInstallation(await bundle('1.1.0'), { prefix });
    const refused = { ok: false, refusal: { code: 'update-cannot-read-journal' } };
    expect(await updateInstallation(undefined, { prefix, rollback: true })).toMatchObject(refused);
    expect(await updateInstallation(await bundle('1.2.0', forgetful), { prefix })).toMatchObject(refused);
    expect(current()).toBe('versions/1.1.0');
    expect(await updateInstallation(undefined, { prefix, rollback: true, readOnly: true })).toMatchObject({
      value: { release: '1.0.0' },
    });
  });

  it('refuses without a key to check with, and what is neither a file nor a way back', async () => {
    const file = await bundle('1.0.0');
    expect(await updateInstallation(file, { prefix, key: join(prefix, 'none.pem') })).toMatchObject({
      refusal: { code: 'update-key-unreadable', where: join(prefix, 'none.pem') },
    });
    for (const [given, options] of [
      [undefined, {}],
      [file, { rollback: true }],
    ] as const) {
      expect(await updateInstallation(given, { prefix, ...options })).toMatchObject({ refusal: { code: 'usage' } });
    }
  });
});
