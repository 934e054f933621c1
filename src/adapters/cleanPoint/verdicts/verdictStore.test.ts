import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { Refused } from '../../../journal/result.ts';
import { unexamined } from '../../../restore/cleanPoint/content.ts';
import { type NamedKey, newKey, sealerOfThisLife, sealerUnder } from '../../keys/masterSealer.ts';
import { againWhereBroken, type ThrownAway, type VerdictsPlace } from './verdictFile.ts';
import { VerdictStore } from './verdictStore.ts';

const base = mkdtempSync(join(tmpdir(), 'reflexe-verdicts-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const patient = 'DUPONT_Zéphyrine_1950';
const content = 'ab'.repeat(32);
const facts = { ...unexamined(9, `${patient}.7z`), inside: [{ path: `${patient}.doc`, rule: 'planted' }] };
const files = [{ path: `/srv/${patient}.pdf`, content, bytes: 9 }];

describe('what is kept of nights', () => {
  let folder: string;
  let place: VerdictsPlace;
  let told: ThrownAway[];
  beforeEach(() => {
    folder = mkdtempSync(join(base, 'case-'));
    told = [];
    place = {
      ...{ file: join(folder, 'ehr.verdicts'), sealer: sealerOfThisLife(), of: 'ehr', isOurs: true },
      onThrownAway: (why) => told.push(why),
    };
  });
  const keep = (store: VerdictStore) => {
    store.keepFacts(new Map([[content, facts]]));
    store.keepFiles(patient, files);
    store.say(patient, `shown ${patient}`, { findings: files });
    store.setWhole(patient);
  };
  const known = (store: VerdictStore) => ({
    facts: store.facts(content),
    outcome: store.outcome(content),
    files: store.files(patient),
    said: store.said(patient, `shown ${patient}`),
    whole: store.isWhole(patient),
  });
  const all = { facts, outcome: 'looked', files, said: { findings: files }, whole: true };
  const nothing = { facts: undefined, outcome: undefined, files: undefined, said: undefined, whole: false };
  const looked = (at: VerdictsPlace) =>
    againWhereBroken(at, async () => {
      using store = new VerdictStore(at, 'rules');
      return known(store);
    });
  const inTheFolder = () => readdirSync(folder).map((name) => readFileSync(join(folder, name)));

  test('names nothing on the disk, and is told whole to who has the key', async () => {
    const texts = [patient, 'Zéphyrine', 'DUPONT', '.pdf', 'planted'];
    const seen = () => texts.filter((text) => inTheFolder().some((bytes) => bytes.includes(text)));
    {
      using store = new VerdictStore(place, 'rules');
      keep(store);
      // Before its log is written back, and after.
      expect(readdirSync(folder)).toContain('ehr.verdicts-wal');
      expect(seen()).toEqual([]);
    }
    expect(readdirSync(folder)).toEqual(['ehr.verdicts']);
    expect(seen()).toEqual([]);
    expect(await looked(place)).toEqual(all);
    expect(told).toEqual([]);
  });

  test('forgets the nights that are no longer there, and no other', () => {
    using store = new VerdictStore(place, 'rules');
    keep(store);
    store.forgetOthers(new Set([patient]));
    expect(known(store)).toEqual(all);
    store.forgetOthers(new Set());
    expect(known(store)).toEqual({ ...all, files: undefined, said: undefined, whole: false });
  });

  test('outlives a rotation of the keys, whose older ones still open', async () => {
    const keys: NamedKey[] = [newKey()];
    place = { ...place, sealer: sealerUnder(() => keys) };
    keepAtPlace();
    keys.unshift(newKey());
    expect(await looked(place)).toEqual(all);
  });

  const keepAtPlace = () => {
    using store = new VerdictStore(place, 'rules');
    keep(store);
  };
  const expectBegunAnew = async () => {
    expect(await looked(place)).toEqual(nothing);
    expect(told).toEqual(['broken']);
    keepAtPlace();
    expect(await looked(place)).toEqual(all);
    expect(told).toEqual(['broken']);
  };

  test.each([
    ['another key', () => ({ sealer: sealerOfThisLife() })],
    ['the name of another source', () => ({ of: 'pacs' })],
  ])('is thrown away and begun anew under %s', async (_, other) => {
    keepAtPlace();
    place = { ...place, ...other() };
    await expectBegunAnew();
  });

  test.each<[string, (file: string) => void]>([
    ['cut short', (file) => truncateSync(file, 5000)],
    ['of no database', (file) => writeFileSync(file, 'SQLite format 4\0'.repeat(20))],
    ['with pages overwritten', overwritten],
    ['with a word in the place of another', (file) => change(file, 'UPDATE said SET said = (SELECT facts FROM facts)')],
    ['with words that nobody sealed', (file) => change(file, "UPDATE said SET said = '{}'")],
    ['without its key', (file) => change(file, 'DELETE FROM key')],
  ])('is thrown away and begun anew: %s', async (_, spoil) => {
    keepAtPlace();
    spoil(place.file);
    await expectBegunAnew();
  });

  test('is removed where an earlier version left it unsealed', async () => {
    earlier(place.file);
    expect(inTheFolder().some((bytes) => bytes.includes(patient))).toBe(true);
    expect(await looked({ ...place, isOurs: false })).toEqual(nothing);
    expect(told).toEqual(['earlier']);
    expect(inTheFolder().some((bytes) => bytes.includes(patient))).toBe(false);
  });

  test.each<[string, (file: string) => void]>([
    ['a text', (file) => writeFileSync(file, 'a letter\n'.repeat(100))],
    ['another program’s database', (file) => change(file, 'CREATE TABLE letters (text); PRAGMA user_version = 1')],
  ])('is not begun in the place of %s that a person named', async (_, write) => {
    write(place.file);
    const before = readFileSync(place.file);
    await expect(looked({ ...place, isOurs: false })).rejects.toThrow(Refused);
    expect(readFileSync(place.file)).toEqual(before);
    expect(told).toEqual([]);
  });
});

function change(file: string, sql: string): void {
  using database = new DatabaseSync(file);
  database.exec(sql);
}

/** The head stays whole: what is kept behind it does not. */
function overwritten(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4096);
  writeFileSync(file, bytes);
}

/** As the first version wrote it. */
function earlier(file: string): void {
  change(
    file,
    `PRAGMA journal_mode = WAL;
     CREATE TABLE rules (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, ready TEXT, swept INTEGER NOT NULL DEFAULT 0);
     CREATE TABLE facts (rules INTEGER, content TEXT, facts TEXT NOT NULL, failed INTEGER NOT NULL, PRIMARY KEY (rules, content)) WITHOUT ROWID;
     CREATE TABLE said (rules INTEGER, list TEXT, asked TEXT, said TEXT NOT NULL, PRIMARY KEY (rules, list, asked)) WITHOUT ROWID;
     CREATE TABLE whole (rules INTEGER, list TEXT, PRIMARY KEY (rules, list)) WITHOUT ROWID;
     CREATE TABLE files (list TEXT, part INTEGER, files BLOB NOT NULL, PRIMARY KEY (list, part));
     INSERT INTO said VALUES (1, 'tree', 'shown', '{"findings":[{"path":"/srv/${patient}.pdf"}]}');
     PRAGMA user_version = 1;`,
  );
}
