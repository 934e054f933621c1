import { execFileSync } from 'node:child_process';
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { TreeExaminer } from './examiner.ts';

const work = { signal: new AbortController().signal, progress: () => undefined };
const base = mkdtempSync(join(tmpdir(), 'reflexe-examiner-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const encrypted = (content: Buffer) => createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16)).update(content);
const text = (name: string) => Buffer.from(`${name} : rien à signaler.\n`.repeat(400));

describe('an examined tree', () => {
  let tree: string;
  const put = (path: string, content: Buffer | string) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  };
  const examine = async (canaries: { path: string; sha256: string }[] = []) => {
    const examined = await new TreeExaminer().examine(tree, canaries, work);
    if (!examined.ok) throw new Error(examined.refusal.message);
    return examined.value;
  };
  const signs = async (canaries: { path: string; sha256: string }[] = []) =>
    (await examine(canaries)).signs.map(({ code, files }) => `${code} ${files}`);

  beforeEach(() => {
    tree = mkdtempSync(join(base, 'tree-'));
    for (const name of ['a/1.txt', 'a/2.txt', 'a/b/3.txt', 'c/4.txt', 'c/5.txt']) put(name, text(name));
  });

  test('of ordinary files shows no sign, and everything in it was read', async () => {
    put('empty', '');
    const { files, bytes, signs: found, notExamined } = await examine();
    expect({ files, found, notExamined }).toEqual({ files: 6, found: [], notExamined: [] });
    expect(bytes).toBeGreaterThan(50_000);
  });

  test('one key store among ordinary files is not a sign; three encrypted files are, and so is one that is all there is', async () => {
    put('keys.bin', encrypted(Buffer.alloc(10_000)));
    expect(await signs()).toEqual([]);
    for (const name of ['x', 'y']) put(name, encrypted(text(name)));
    expect(await signs()).toEqual(['content-encrypted 3']);
    tree = mkdtempSync(join(base, 'tree-'));
    put('dump.sql', encrypted(Buffer.alloc(100_000)));
    expect(await signs()).toEqual(['content-encrypted 1']);
  });

  test('a manual is not a ransom note; the same note in two folders is, or one beside another sign', async () => {
    put('manual/HOW_TO_RESTORE_FILES.html', 'With the button.');
    expect(await signs()).toEqual([]);
    put('a/HOW_TO_RESTORE_FILES.html', 'Pay.');
    expect(await signs()).toEqual(['ransom-note 2']);
    rmSync(join(tree, 'a/HOW_TO_RESTORE_FILES.html'));
    for (const name of ['1', '2', '3']) put(`${name}.txt.locked`, 'x');
    expect(await signs()).toEqual(['mass-rename 3', 'ransom-note 1']);
  });

  test('canaries: untouched, altered, gone', async () => {
    put('canary.txt', 'sing');
    const sha256 = createHash('sha256').update('sing').digest('hex');
    expect(await signs([{ path: 'canary.txt', sha256 }])).toEqual([]);
    expect(await signs([{ path: 'canary.txt', sha256: '0'.repeat(64) }])).toEqual(['canary-altered 1']);
    expect(await signs([{ path: 'nowhere.txt', sha256 }])).toEqual(['canary-missing 1']);
  });

  test('links are not followed and special files not opened: both are named as not examined', async () => {
    symlinkSync('/etc/passwd', join(tree, 'link'));
    symlinkSync(tree, join(tree, 'loop'));
    execFileSync('mkfifo', [join(tree, 'pipe')]);
    const { files, notExamined } = await examine();
    expect(files).toBe(5);
    expect(notExamined.map(({ path }) => path).toSorted()).toEqual(['link', 'loop', 'pipe']);
  });

  test('stops when told to', async () => {
    const stopped = await new TreeExaminer().examine(tree, [], { ...work, signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ ok: false, refusal: { code: 'interrupted', retryable: true } });
  });
});
