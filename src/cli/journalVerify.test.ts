import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWritten } from '../adapters/sqlite/durability/examine.ts';
import { verifyFolder } from './journalVerdict.ts';

let folder: string;
let journal: string;
let head: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reflexe-verify-'));
  journal = join(folder, 'journal');
  await write(journal, 30);
  const verdict = await verifyFolder(journal);
  head = verdict.ok ? verdict.value.head : '';
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function write(path: string, count: number): Promise<void> {
  const opened = await openWritten(path);
  if (!opened.ok) throw new Error(opened.refusal.message);
  for (let n = 0; n < count; n++) {
    await opened.value.queue.submit({ type: 'take', ward: `ward-${n}-of-the-hospital` }, { actor: 'person:ada' });
  }
  await opened.value.close();
}

async function copied(name: string, change: (bytes: Buffer) => void): Promise<string> {
  const copy = join(folder, name);
  await cp(journal, copy, { recursive: true });
  const file = join(copy, 'journal.sqlite');
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
  return copy;
}

/** The verb as it is used from outside. */
async function reflexe(...args: string[]): Promise<{ status: number | null; document: unknown; errors: string }> {
  const program = fileURLToPath(new URL('./reflexe.ts', import.meta.url));
  const child = spawn(process.execPath, [program, 'journal', 'verify', ...args, '--json', '--lang', 'en']);
  let [said, errors] = ['', ''];
  child.stdout.on('data', (text) => {
    said += text;
  });
  child.stderr.on('data', (text) => {
    errors += text;
  });
  await once(child, 'close');
  return { status: child.exitCode, document: JSON.parse(said), errors };
}

describe('reflexe journal verify', () => {
  it('says that a journal is whole, and what it could not see', async () => {
    const { status, document } = await reflexe(journal);
    expect(status).toBe(0);
    expect(document).toMatchObject({
      ok: true,
      entries: 30,
      epoch: 1,
      head: expect.stringMatching(/^1:30:[0-9a-f]{64}$/),
      anchored: false,
      storage: 'ok',
      note: expect.stringContaining('Without an anchor'),
    });
    expect(await reflexe(journal, '--anchor', head)).toMatchObject({
      status: 0,
      document: { ok: true, anchored: true },
    });
    expect(await reflexe(folder)).toMatchObject({ status: 0, document: { entries: 30 } });
  });

  it('names the entry one byte of which was flipped', async () => {
    const copy = await copied('flipped', (bytes) => {
      const at = bytes.indexOf('ward-16-of');
      bytes[at + 3] = (bytes[at + 3] ?? 0) ^ 1;
    });
    expect(await reflexe(copy)).toMatchObject({
      status: 1,
      document: { ok: false, entries: 16, firstBad: { sequence: 17 } },
    });
    const french = await verifyFolder(copy);
    expect(french).toMatchObject({ ok: true, value: { head: expect.stringMatching(/^1:16:/) } });
  });

  it('sees a cut tail when it is given an anchor', async () => {
    const longer = join(folder, 'longer');
    await cp(journal, longer, { recursive: true });
    await write(longer, 5);
    const verdict = await verifyFolder(longer);
    const anchor = verdict.ok ? verdict.value.head : '';
    expect(await verifyFolder(journal)).toMatchObject({ value: { ok: true } });
    expect(await verifyFolder(journal, anchor)).toMatchObject({
      value: { ok: false, anchored: false, firstBad: { sequence: 31 } },
    });
  });

  it('names where the file itself can no longer be read', async () => {
    const copy = await copied('wiped', (bytes) => bytes.fill(0xff, bytes.length - 4_096));
    const verdict = await verifyFolder(copy);
    expect(verdict).toMatchObject({
      ok: true,
      value: { ok: false, firstBad: { reason: expect.stringMatching(/unreadable|missing/) } },
    });
  });

  it('changes nothing in the folder', async () => {
    const content = () =>
      readdirSync(journal).map((name) => [name, readFileSync(join(journal, name)).toString('base64')]);
    const before = content();
    await verifyFolder(journal);
    expect(content()).toEqual(before);
  });

  it('reads it while a hub writes', async () => {
    const opened = await openWritten(journal);
    if (!opened.ok) throw new Error(opened.refusal.message);
    await opened.value.queue.submit({ type: 'take', ward: 'x' }, { actor: 'person:ada' });
    expect(await verifyFolder(journal)).toMatchObject({ value: { ok: true, entries: 31 } });
    await opened.value.close();
  });

  it('refuses what is no journal, and an anchor that is none', async () => {
    expect(await reflexe(join(folder, 'nowhere'))).toMatchObject({
      status: 1,
      document: { error: { code: 'journal-not-found', where: join(folder, 'nowhere', 'journal.sqlite') } },
    });
    expect(await reflexe(journal, '--anchor', '12')).toMatchObject({
      status: 1,
      document: { error: { code: 'anchor-unreadable' } },
    });
    const copy = await copied('not-a-database', (bytes) => bytes.fill('no database at all', 0, 100));
    expect(await reflexe(copy)).toMatchObject({ status: 1, document: { error: { code: 'journal-damaged' } } });
  });
});
