import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleVerifier } from '../../scripts/bundle-verifier.ts';
import { machineNode } from '../../scripts/machine-node.ts';
import { verifyExport } from '../adapters/exportFile/read.ts';
import { sqliteEngine } from '../adapters/sqlite/engine.ts';
import { eventsOf } from '../journal/codec.ts';
import { createExportVerifier } from '../journal/exportVerifier.ts';
import { notebook, notebookEvents } from '../journal/notebook.ts';
import { openJournal } from '../journal/open.ts';
import { sealEntry, sha256 } from '../journal/seal.ts';
import { exchange } from './journalCheckpoint.ts';
import { countersignFile } from './journalCountersign.ts';
import { exportJournal } from './journalExport.ts';
import { verifyFolder } from './journalVerdict.ts';

const secret = 'Madame Durand, chambre 12';
let root: string;
let alone: string;
const place = (...path: string[]): string => join(root, ...path);

/** A real journal: private parts of two people, documents, checkpoints; one person's key is erased. */
async function write(folder: string, count: number, establishment = 'hospital-a'): Promise<void> {
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
  const { queue, erase, close } = opened.value;
  for (let n = 0; n < count; n++) {
    const author = n % 2 === 0 ? 'ada' : 'bob';
    const taken = await queue.submit(
      { type: 'take', ward: `ward-${n}`, text: secret, author },
      { actor: `person:${author}` },
    );
    expect(taken.ok).toBe(true);
  }
  expect(
    (await queue.submit({ type: 'listWards', wards: ['réanimation', 'urgences 🏥'] }, { actor: 'import' })).ok,
  ).toBe(true);
  if (count > 0) await erase('person:bob');
  await close();
}

/** The file alone, in an empty folder, with an empty environment. */
async function verifier(node: string, ...args: string[]) {
  const child = spawn(node, [join(alone, 'reflexe-verify.mjs'), ...args, '--lang', 'en'], { cwd: alone, env: {} });
  let [said, errors] = ['', ''];
  child.stdout.on('data', (text) => {
    said += text;
  });
  child.stderr.on('data', (text) => {
    errors += text;
  });
  await once(child, 'close');
  return { status: child.exitCode, said, errors };
}
async function verdict(...args: string[]) {
  const { status, said, errors } = await verifier(process.execPath, ...args, '--json');
  if (said === '') throw new Error(errors);
  return { status, document: JSON.parse(said) };
}

/** A copy of the journal, changed by someone with the file in hand and no regard for its triggers. */
async function tampered(name: string, change: (database: DatabaseSync) => void): Promise<string> {
  await cp(place('journal'), place(name), { recursive: true });
  const database = new DatabaseSync(place(name, 'journal.sqlite'));
  for (const { name: trigger } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all()) {
    database.exec(`DROP TRIGGER ${String(trigger)}`);
  }
  change(database);
  database.close();
  return place(name);
}

/** Seals every entry from `from` on again, as an intruder would: a chain that is whole, and another history. */
function resealed(database: DatabaseSync, from: number): void {
  const rows = database.prepare('SELECT sequence, form, hash FROM entries ORDER BY sequence').all();
  let previousHash = String(rows[from - 2]?.hash);
  const update = database.prepare('UPDATE entries SET form = ?, hash = ? WHERE sequence = ?');
  for (const row of rows.slice(from - 1)) {
    const fields = JSON.parse(String(row.form));
    const entry = sealEntry({ ...fields, actor: 'person:nobody', previousHash });
    const { hash, ...form } = entry;
    previousHash = hash;
    const text = JSON.stringify(
      Object.fromEntries(Object.entries(form).sort(([one], [other]) => (one < other ? -1 : 1))),
    );
    update.run(text, sha256(text), Number(row.sequence));
    previousHash = sha256(text);
  }
}

let anchor = '';
let code = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reflexe-verifier-'));
  alone = await mkdtemp(join(tmpdir(), 'reflexe-alone-'));
  await bundleVerifier(join(alone, 'reflexe-verify.mjs'));
  await write('journal', 23);
  await write('other', 0, 'hospital-b');
  expect(await exchange(place('journal'), { out: place('asked') })).toMatchObject({ ok: true });
  expect(await countersignFile(place('asked'), { data: place('other'), out: place('signed') })).toMatchObject({
    ok: true,
  });
  expect(await exchange(place('journal'), { add: place('signed') })).toMatchObject({ ok: true });
  expect(await exportJournal(place('journal'), { out: place('export.jsonl') })).toMatchObject({ ok: true });
  const whole = await verifyFolder(place('journal'));
  if (!whole.ok) throw new Error(whole.refusal.message);
  ({ head: anchor, code } = whole.value);
});
afterAll(async () => {
  await rm(root, { recursive: true });
  await rm(alone, { recursive: true });
});

describe('the stand-alone verifier, one file in an empty folder', () => {
  it('is alone there, and names no module but Node’s own', () => {
    expect(readdirSync(alone)).toEqual(['reflexe-verify.mjs']);
    const text = readFileSync(join(alone, 'reflexe-verify.mjs'), 'utf8');
    const imported = [...text.matchAll(/^import .* from "(.*)"/gm)].map(([, name]) => name);
    expect(imported.length).toBeGreaterThan(3);
    expect(imported.filter((name) => !name?.startsWith('node:'))).toEqual([]);
    expect(text).not.toContain('require(');
  });

  it('finds the product’s own journal whole, though a key was erased, and says what it could not see', async () => {
    const { status, document } = await verdict(place('journal'));
    expect({ status, ...document }).toMatchObject({
      status: 0,
      ok: true,
      entries: 24,
      head: anchor,
      code,
      anchored: false,
      note: expect.stringContaining('Without an anchor'),
      countersigned: [{ site: 'hospital-b', sequence: 24 }],
    });
    expect(await verdict(place('journal'), '--anchor', code)).toMatchObject({
      status: 0,
      document: { anchored: true },
    });
    expect(await verdict(place('journal'), '--anchor', place('signed'))).toMatchObject({
      document: { anchored: true },
    });
  });

  it.each([
    [
      'altered',
      (db: DatabaseSync) => db.exec("UPDATE entries SET form = replace(form, 'ward-6', 'ward-9') WHERE sequence = 7"),
      7,
    ],
    ['cut in the middle', (db: DatabaseSync) => db.exec('DELETE FROM entries WHERE sequence = 9'), 9],
    ['cut at its end', (db: DatabaseSync) => db.exec('DELETE FROM entries WHERE sequence > 21'), 22],
    [
      'reordered',
      (db: DatabaseSync) =>
        db.exec(
          'UPDATE entries SET sequence = -4 WHERE sequence = 4; UPDATE entries SET sequence = 4 WHERE sequence = 5; UPDATE entries SET sequence = 5 WHERE sequence = -4',
        ),
      4,
    ],
    [
      'a document altered',
      (db: DatabaseSync) => db.exec("UPDATE documents SET text = replace(text, 'urgences', 'Urgences')"),
      24,
    ],
    ['sealed again', (db: DatabaseSync) => resealed(db, 12), 15],
  ])('refuses a journal that is %s, and names the entry', async (name, change, sequence) => {
    const copy = await tampered(name.replaceAll(' ', '-'), change);
    const { status, document } = await verdict(copy);
    expect({ status, ok: document.ok, ...document.firstBad }).toMatchObject({ status: 1, ok: false, sequence });
    expect((await verifier(process.execPath, copy)).said).toContain(`entry ${sequence}`);
  });

  it('sees a chain sealed again with its checkpoints only by an anchor: a head, a code, a countersignature', async () => {
    const copy = await tampered('all-again', (database) => {
      resealed(database, 12);
      database.exec('DELETE FROM checkpoints');
    });
    await rm(join(copy, 'countersignatures.jsonl'));
    await rm(join(copy, 'acknowledged.mark'));
    expect(await verdict(copy)).toMatchObject({ status: 0, document: { ok: true, anchored: false } });
    for (const known of [anchor, code, place('signed')]) {
      expect(await verdict(copy, '--anchor', known)).toMatchObject({
        status: 1,
        document: { ok: false, anchored: false },
      });
    }
  });

  it('tells a fork from the journal it came from', async () => {
    await cp(place('journal'), place('fork'), { recursive: true });
    await write('fork', 3);
    await cp(place('journal'), place('longer'), { recursive: true });
    await write('longer', 3);
    const longer = await verdict(place('longer'));
    expect(longer.document).toMatchObject({ ok: true, entries: 28 });
    expect(await verdict(place('fork'))).toMatchObject({ document: { ok: true, entries: 28 } });
    expect(await verdict(place('fork'), '--anchor', longer.document.code)).toMatchObject({ document: { ok: false } });
  });

  it('answers 2 for a wrong use, 1 with an error for what is no journal', async () => {
    expect(await verifier(process.execPath)).toMatchObject({ status: 2 });
    expect(await verifier(process.execPath, '--help')).toMatchObject({ status: 0 });
    const codeOfError = async (...args: string[]) => (await verdict(...args)).document.error?.code;
    expect(await codeOfError(place('nowhere'))).toBe('export-unreadable');
    await mkdir(place('empty'));
    expect(await codeOfError(place('empty'))).toBe('journal-not-found');
    expect(await codeOfError(place('journal'), '--anchor', '1-2-3')).toBe('anchor-unreadable');
  });
});

describe('a signed export', () => {
  it('is whole for the stand-alone verifier, also with the Node of the machine', async (context) => {
    const whole = {
      ok: true,
      entries: 24,
      from: 1,
      head: anchor,
      code,
      withPrivate: false,
      establishment: 'hospital-a',
    };
    const { status, document } = await verdict(place('export.jsonl'));
    expect({ status, ...document }).toMatchObject({ status: 0, ...whole, keyMatches: null });
    expect(await verdict(place('export.jsonl'), '--anchor', code, '--key', document.keyName)).toMatchObject({
      document: { ok: true, anchored: true, keyMatches: true },
    });
    expect(await verdict(place('export.jsonl'), '--key', 'another')).toMatchObject({
      status: 1,
      document: { ok: false },
    });
    const older = machineNode();
    if (older === undefined) return context.skip('this machine has no other Node');
    const { said } = await verifier(older, place('export.jsonl'), '--json');
    expect(JSON.parse(said)).toMatchObject(whole);
  });

  it('holds what is private as stored, without a key; with one only when asked, and never an erased one', async () => {
    const plain = readFileSync(place('export.jsonl'), 'utf8');
    expect(plain).toContain('"ciphertext"');
    expect(plain).not.toContain(secret);
    expect(plain).not.toContain('{"key":');
    expect(await exportJournal(place('journal'), { out: place('private.jsonl'), withPrivate: true })).toMatchObject({
      value: { withPrivate: true, keys: 1 },
    });
    const lines = readFileSync(place('private.jsonl'), 'utf8').split('\n');
    expect(lines.filter((line) => line.startsWith('{"key":'))).toHaveLength(1);
    expect(await verdict(place('private.jsonl'))).toMatchObject({ document: { ok: true, withPrivate: true } });
  });

  it('of a stretch, by entries or by dates, proves that stretch', async () => {
    const stretch = { out: place('stretch.jsonl'), from: '6', to: '15' };
    expect(await exportJournal(place('journal'), stretch)).toMatchObject({ value: { entries: 10, from: 6, to: 15 } });
    expect(await verdict(place('stretch.jsonl'))).toMatchObject({
      document: { ok: true, from: 6, entries: 10, checkpoints: { examined: 2 } },
    });
    const today = { out: place('today.jsonl'), from: '2020-01-01', to: '2999-01-01' };
    expect(await exportJournal(place('journal'), today)).toMatchObject({ value: { from: 1, to: 24 } });
    const none = { out: place('none.jsonl'), to: '2020-01-01' };
    expect(await exportJournal(place('journal'), none)).toMatchObject({ refusal: { code: 'export-empty' } });
    expect(readdirSync(root)).not.toContain('none.jsonl');
    expect(await exportJournal(place('journal'), { out: place('x'), from: 'soon' })).toMatchObject({
      refusal: { code: 'usage', where: '--from' },
    });
  });

  it('is not made of a journal that is not whole', async () => {
    const copy = await tampered('not-whole', (database) =>
      database.exec("UPDATE entries SET form = replace(form, 'ward-6', 'ward-9')"),
    );
    expect(await exportJournal(copy, { out: place('bad.jsonl') })).toMatchObject({
      refusal: { code: 'export-not-whole', where: 'entry 7' },
    });
    expect(readdirSync(root).filter((name) => name.startsWith('bad'))).toEqual([]);
  });

  it('cut, doubled, reordered or signed by another is refused, and says where', async () => {
    const lines = readFileSync(place('export.jsonl'), 'utf8').split('\n').slice(0, -1);
    const refused = async (name: string, kept: readonly string[], end = '\n') => {
      writeFileSync(place(name), kept.join('\n') + end);
      const { status, document } = await verdict(place(name));
      expect({ name, status }).toEqual({ name, status: 1 });
      return document.firstBad;
    };
    const swapped = [...lines];
    const at = lines.findIndex((line) => line.startsWith('{"entry":')) + 3;
    [swapped[at], swapped[at + 1]] = [lines[at + 1] ?? '', lines[at] ?? ''];
    expect(await refused('swapped', swapped)).toMatchObject({
      line: at + 1,
      reason: expect.stringContaining('missing'),
    });
    expect(await refused('shorter', lines.slice(0, -1))).toMatchObject({
      line: lines.length - 1,
      reason: expect.stringContaining('cut'),
    });
    expect(await refused('unended', lines, '')).toMatchObject({ line: lines.length });
    expect(await refused('doubled', [...lines, lines.at(-1) ?? ''])).toMatchObject({ line: lines.length });
    expect(
      await refused(
        'without-one',
        lines.filter((_, index) => index !== at),
      ),
    ).toMatchObject({ line: at + 1 });
    expect(await refused('empty-lines', ['', ...lines])).toMatchObject({ line: 1 });
    expect(await refused('nothing', [], '')).toMatchObject({ line: 1 });
    expect(await exportJournal(place('other'), { out: place('foreign') })).toMatchObject({ ok: true });
    const foreign = readFileSync(place('foreign'), 'utf8').split('\n').slice(0, -1);
    expect(await refused('foreign-manifest', [...lines.slice(0, -1), foreign.at(-1) ?? ''])).toMatchObject({ line: 1 });
  });

  it('with any byte changed, added or taken away, is refused, naming the line', () => {
    const bytes = readFileSync(place('export.jsonl'));
    const check = (altered: Buffer) => {
      const verifier = createExportVerifier();
      let from = 0;
      for (let end = altered.indexOf(10); end >= 0; end = altered.indexOf(10, from)) {
        verifier.add(altered.subarray(from, end));
        from = end + 1;
      }
      if (from < altered.length) verifier.add(altered.subarray(from));
      return verifier.finish(from === altered.length);
    };
    expect(check(bytes).ok).toBe(true);
    const change = fc.oneof(
      fc.record({ at: fc.nat(bytes.length - 1), kind: fc.constant('flip'), bit: fc.nat(7) }),
      fc.record({ at: fc.nat(bytes.length - 1), kind: fc.constantFrom('insert', 'remove'), bit: fc.nat(255) }),
    );
    fc.assert(
      fc.property(change, ({ at, kind, bit }) => {
        const altered = Buffer.from(bytes);
        altered[at] = (altered[at] ?? 0) ^ (1 << (bit % 8));
        const changed =
          kind === 'flip'
            ? altered
            : Buffer.concat([
                bytes.subarray(0, at),
                kind === 'insert' ? Buffer.from([bit]) : Buffer.alloc(0),
                bytes.subarray(at + (kind === 'remove' ? 1 : 0)),
              ]);
        if (changed.equals(bytes)) return;
        const { ok, firstBad } = check(changed);
        expect(ok).toBe(false);
        const line = bytes.subarray(0, at).toString('latin1').split('\n').length;
        // A line break taken away or added moves what is after it by one.
        expect(firstBad?.line).toBeLessThanOrEqual(line + 1);
        expect(firstBad?.lastLine ?? firstBad?.line).toBeGreaterThanOrEqual(line - 1);
      }),
      { numRuns: 300 },
    );
  });

  it('that cannot be read is refused as such', async () => {
    expect(await verifyExport(root)).toMatchObject({ ok: false, refusal: { code: 'export-unreadable', where: root } });
  });
});
