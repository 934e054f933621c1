import { closeSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Sealer } from '../../../access/sealer.ts';
import { Refused, refuse } from '../../../journal/result.ts';
import { newKey, sealerUnder } from '../../keys/masterSealer.ts';

/** Where verdicts are kept, and under which key: they tell names of files of the backups. */
export interface VerdictsPlace {
  file: string;
  /** The file has a key of its own, sealed under this, which has to stay openable across rotations. */
  sealer: Pick<Sealer, 'seal' | 'open'>;
  /** Whose verdicts they are: the file of another opens no more than one under another key. */
  of: string;
  /** In a folder of ours whatever stands there may be thrown away; what a person named may be another's file, and is refused. */
  isOurs: boolean;
  onThrownAway(why: ThrownAway): void;
}

/** Of an earlier version, which sealed nothing; or altered, damaged, under another key. */
export type ThrownAway = 'earlier' | 'broken';

/** What is kept cannot be relied on. All of it can be found again: it is thrown away whole. */
export class BrokenVerdicts extends Error {}

/** Of the file itself: another one is begun anew. */
const fileVersion = 2;
/** In the head of the file («RFLX»): what a person names by mistake is not ours to begin anew. */
const applicationId = 0x52464c58;
const magic = Buffer.from('SQLite format 3\0');
/** SQLite's own head of a file: where its version and its application stand. */
const head = { bytes: 100, version: 60, application: 68 };
const earlierTables = 'facts,files,rules,said,whole';
/** Results of SQLite: what stands in the file is no database, or none any more. */
const brokenCodes: readonly unknown[] = [11, 26];

interface OpenedVerdicts {
  database: DatabaseSync;
  sealer: Pick<Sealer, 'seal' | 'open' | 'index'>;
}

/** Opens the file, or begins it. Throws where it is broken (`againWhereBroken` says what then), and Refused `verdicts-unreadable` where another's file stands there. */
export function openVerdicts(place: VerdictsPlace): OpenedVerdicts {
  mkdirSync(dirname(place.file), { recursive: true, mode: 0o700 });
  const standing = standingAt(place.file);
  if (standing === 'other' && !place.isOurs) throw new Refused(notVerdicts(place.file));
  if (standing !== 'ours') throwAway(place, standing === 'other' ? 'broken' : standing);
  const database = new DatabaseSync(place.file);
  try {
    database.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
    if (database.prepare('PRAGMA user_version').get()?.user_version !== fileVersion) begin(database, place);
    // Committed before the log is: the head of the file says from the first moment whose it is.
    database.exec('COMMIT; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    return { database, sealer: keyIn(database, place) };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** In memory, for as long as it is looked: there is nobody to seal from. */
export function verdictsInMemory(): OpenedVerdicts {
  const database = new DatabaseSync(':memory:');
  createTables(database);
  const bytes = (plain: Uint8Array | string) => (typeof plain === 'string' ? Buffer.from(plain) : plain);
  return { database, sealer: { seal: (_, plain) => bytes(plain), open: (_, kept) => kept, index: (_, text) => text } };
}

/** Does it once more, with nothing kept, where what is kept turns out to be broken. */
export async function againWhereBroken<Value>(
  place: VerdictsPlace | undefined,
  look: () => Promise<Value>,
): Promise<Value> {
  try {
    return await look();
  } catch (error) {
    if (place === undefined || !isBroken(error)) throw error;
    throwAway(place, 'broken');
    return look();
  }
}

const isBroken = (error: unknown): boolean =>
  error instanceof BrokenVerdicts ||
  (error instanceof Error && 'errcode' in error && brokenCodes.includes(Number(error.errcode) & 0xff));

function throwAway({ file, onThrownAway }: VerdictsPlace, why: ThrownAway): void {
  for (const one of verdictFiles(file)) rmSync(one, { force: true });
  onThrownAway(why);
}

/** The file, and what SQLite keeps beside it. */
export const verdictFiles = (file: string): string[] => ['', '-wal', '-shm', '-journal'].map((end) => `${file}${end}`);

function begin(database: DatabaseSync, { sealer, of }: VerdictsPlace): void {
  createTables(database);
  const { id, key } = newKey();
  const sealed = sealer.seal(keyPlace(of), Buffer.concat([Buffer.from(id, 'hex'), key]));
  database.prepare('INSERT INTO key VALUES (?)').run(sealed);
}

const keyPlace = (of: string): string => `key of verdicts ${of}`;

function keyIn(database: DatabaseSync, { sealer, of }: VerdictsPlace): Sealer {
  const sealed = database.prepare('SELECT key FROM key').get()?.key;
  const plain = sealed instanceof Uint8Array ? opened(sealer, keyPlace(of), sealed) : undefined;
  if (plain === undefined) throw new BrokenVerdicts();
  const named = { id: Buffer.from(plain.subarray(0, -32)).toString('hex'), key: plain.subarray(-32) };
  return sealerUnder(() => [named]);
}

/** Throws `BrokenVerdicts` for what was altered, moved, or sealed under another key. */
export function opened(sealer: Pick<Sealer, 'open'>, what: string, sealed: Uint8Array): Uint8Array {
  try {
    return sealer.open(what, sealed);
  } catch (error) {
    throw error instanceof Refused && error.refusal.code === 'sealed-altered' ? new BrokenVerdicts() : error;
  }
}

/** Contents are told apart by their SHA-256 or that of their blobs; nights by an index that nobody computes without the key. */
function createTables(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE key (key BLOB NOT NULL);
    CREATE TABLE rules (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, ready TEXT, swept INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE facts (rules INTEGER, content TEXT, facts BLOB NOT NULL, failed INTEGER NOT NULL, PRIMARY KEY (rules, content)) WITHOUT ROWID;
    CREATE TABLE said (rules INTEGER, list TEXT, asked TEXT, said BLOB NOT NULL, PRIMARY KEY (rules, list, asked)) WITHOUT ROWID;
    CREATE TABLE whole (rules INTEGER, list TEXT, PRIMARY KEY (rules, list)) WITHOUT ROWID;
    CREATE TABLE files (list TEXT, part INTEGER, files BLOB NOT NULL, PRIMARY KEY (list, part));
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${fileVersion};
  `);
}

function standingAt(file: string): 'ours' | 'earlier' | 'other' {
  const read = headOf(file);
  if (read.length === 0) return 'ours';
  if (!read.subarray(0, magic.length).equals(magic) || read.length < head.bytes) return 'other';
  if (read.readUInt32BE(head.application) !== applicationId) return isEarlier(file) ? 'earlier' : 'other';
  return read.readUInt32BE(head.version) === fileVersion ? 'ours' : 'earlier';
}

function headOf(file: string): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
  try {
    const bytes = Buffer.alloc(head.bytes);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** The first version said nothing in its head, and is known by its tables. */
function isEarlier(file: string): boolean {
  using database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    return tables.map(({ name }) => name).join(',') === earlierTables;
  } catch (error) {
    if (isBroken(error)) return false;
    throw error;
  }
}

const notVerdicts = (file: string) =>
  refuse('verdicts-unreadable', 'What stands there is no file of verdicts.', {
    where: file,
    expected: 'no file yet, or one that this option made',
    kept: 'The file, as it is. Nothing was looked at.',
    cure: 'Name another file, or remove this one.',
  }).refusal;
