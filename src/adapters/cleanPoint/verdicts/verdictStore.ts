import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { NightFile } from '../../../restore/cleanPoint/night.ts';
import { Facts } from '../../scanner/frames.ts';
import type { Examined, Scanner } from '../../scanner/scanner.ts';

/** To be raised whenever a scanner would say something else of the same bytes, or a judge of the same facts. */
const scannerVersion = 3;
/** Of the file itself: an older one is begun anew, since all in it can be found again. */
const fileVersion = 1;
/** Rules change and come back (a night without network): what the last sets found is kept. */
const ruleSetsKept = 3;
/** Files of a night kept in one piece. */
const filesTogether = 10_000;
/** Below this nothing is swept. */
const sweptMin = 100_000;

type Ready = Scanner['ready'];

/**
 * What was found of each content and said of each night, kept: asked again, only what is new costs anything. Keyed by rules and scanner.
 * It holds names of files and is as secret as the backups: made readable by its owner alone.
 */
export class VerdictStore {
  readonly #database: DatabaseSync;
  readonly #rules: number;
  readonly #prepared = new Map<string, StatementSync>();

  /** In a file, or in memory only where no file is named. */
  constructor(file: string | undefined, rulesHash: string) {
    if (file !== undefined) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.#database = new DatabaseSync(file ?? ':memory:');
    this.#database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    if (this.#one('PRAGMA user_version')?.user_version !== fileVersion) this.#beginAnew();
    const key = `${scannerVersion} ${rulesHash}`;
    const known = this.#one('SELECT id FROM rules WHERE key = ?', key)?.id;
    this.#rules = Number(known ?? this.#run('INSERT INTO rules (key) VALUES (?)', key).lastInsertRowid);
    if (known === undefined) this.#forgetOldRules();
  }

  /** What a scanner said of the rules when it last compiled them. */
  get ready(): Ready | undefined {
    const said = this.#one('SELECT ready FROM rules WHERE id = ?', this.#rules)?.ready;
    return typeof said === 'string' ? JSON.parse(said) : undefined;
  }

  keepReady({ engine, refused, confinement }: Ready): void {
    const said = JSON.stringify({ engine, refused, confinement });
    this.#run('UPDATE rules SET ready = ? WHERE id = ?', said, this.#rules);
  }

  /** Contents of which something is known. */
  get count(): number {
    return Number(this.#one('SELECT count(*) AS count FROM facts WHERE rules = ?', this.#rules)?.count ?? 0);
  }

  facts(content: string): Examined | undefined {
    const row = this.#one('SELECT facts, failed FROM facts WHERE rules = ? AND content = ?', this.#rules, content);
    if (typeof row?.facts !== 'string') return undefined;
    const facts = Facts.safeParse(JSON.parse(row.facts)).data;
    return facts === undefined || row.failed !== 1 ? facts : { ...facts, failed: true };
  }

  keepFacts(found: ReadonlyMap<string, Examined>): void {
    this.#together(() => {
      for (const [content, { failed, ...facts }] of found)
        this.#run(
          'INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)',
          this.#rules,
          content,
          JSON.stringify(facts),
          failed === true ? 1 : 0,
        );
    });
  }

  /** What was said of a night (by the key of its list), asked so. */
  said<Said>(list: string, asked: string): Said | undefined {
    const row = this.#one('SELECT said FROM said WHERE rules = ? AND list = ? AND asked = ?', this.#rules, list, asked);
    return typeof row?.said === 'string' ? JSON.parse(row.said) : undefined;
  }

  say(list: string, asked: string, said: unknown): void {
    this.#run('INSERT OR REPLACE INTO said VALUES (?, ?, ?, ?)', this.#rules, list, asked, JSON.stringify(said));
  }

  /** Whether every content of a night was looked at with these rules. */
  isWhole(list: string): boolean {
    return this.#one('SELECT 1 FROM whole WHERE rules = ? AND list = ?', this.#rules, list) !== undefined;
  }

  setWhole(list: string): void {
    this.#run('INSERT OR REPLACE INTO whole VALUES (?, ?)', this.#rules, list);
  }

  /** Files of a night that has to be restored to be listed; undefined where it never was. */
  files(list: string): NightFile[] | undefined {
    const rows = this.#statement('SELECT files FROM files WHERE list = ? ORDER BY part').all(list);
    if (rows.length === 0) return undefined;
    return rows.flatMap(({ files }) =>
      files instanceof Uint8Array ? JSON.parse(zstdDecompressSync(files).toString('utf8')) : [],
    );
  }

  keepFiles(list: string, files: readonly NightFile[]): void {
    this.#together(() => {
      for (let part = 0; part === 0 || part * filesTogether < files.length; part += 1) {
        const some = files.slice(part * filesTogether, (part + 1) * filesTogether);
        const packed = zstdCompressSync(Buffer.from(JSON.stringify(some)));
        this.#run('INSERT OR REPLACE INTO files VALUES (?, ?, ?)', list, part, packed);
      }
    });
  }

  /** What was said of nights that are no longer there is forgotten. */
  forgetOthers(lists: ReadonlySet<string>): void {
    this.#together(() => {
      for (const table of ['said', 'whole', 'files'] as const)
        for (const { list } of this.#statement(`SELECT DISTINCT list FROM ${table}`).all())
          if (typeof list === 'string' && !lists.has(list)) this.#run(`DELETE FROM ${table} WHERE list = ?`, list);
    });
  }

  /** True where twice as much is known as when contents were last swept. */
  get isGrown(): boolean {
    const { swept } = this.#one('SELECT swept FROM rules WHERE id = ?', this.#rules) ?? {};
    return this.count > Math.max(sweptMin, 2 * Number(swept ?? 0));
  }

  /** Forgets the contents that no night holds any more. */
  async sweep(nights: AsyncIterable<readonly NightFile[]>): Promise<void> {
    this.#database.exec(
      'CREATE TEMP TABLE IF NOT EXISTS used (content TEXT PRIMARY KEY) WITHOUT ROWID; DELETE FROM used;',
    );
    for await (const files of nights)
      this.#together(() => {
        for (const { content } of files) this.#run('INSERT OR IGNORE INTO used VALUES (?)', content);
      });
    this.#run('DELETE FROM facts WHERE rules = ? AND content NOT IN (SELECT content FROM used)', this.#rules);
    this.#run('UPDATE rules SET swept = ? WHERE id = ?', this.count, this.#rules);
    this.#database.exec('DROP TABLE used');
    this.#prepared.clear();
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #beginAnew(): void {
    for (const { name } of this.#database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all())
      this.#database.exec(`DROP TABLE "${name}"`);
    this.#database.exec(`
      CREATE TABLE rules (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, ready TEXT, swept INTEGER NOT NULL DEFAULT 0);
      CREATE TABLE facts (rules INTEGER, content TEXT, facts TEXT NOT NULL, failed INTEGER NOT NULL, PRIMARY KEY (rules, content)) WITHOUT ROWID;
      CREATE TABLE said (rules INTEGER, list TEXT, asked TEXT, said TEXT NOT NULL, PRIMARY KEY (rules, list, asked)) WITHOUT ROWID;
      CREATE TABLE whole (rules INTEGER, list TEXT, PRIMARY KEY (rules, list)) WITHOUT ROWID;
      CREATE TABLE files (list TEXT, part INTEGER, files BLOB NOT NULL, PRIMARY KEY (list, part));
      PRAGMA user_version = ${fileVersion};
    `);
  }

  #forgetOldRules(): void {
    this.#together(() => {
      for (const table of ['facts', 'said', 'whole'])
        this.#run(`DELETE FROM ${table} WHERE rules <= ?`, this.#rules - ruleSetsKept);
      this.#run('DELETE FROM rules WHERE id <= ?', this.#rules - ruleSetsKept);
    });
  }

  #together(act: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      act();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql) ?? this.#database.prepare(sql);
    this.#prepared.set(sql, known);
    return known;
  }

  #one(sql: string, ...values: (string | number)[]) {
    return this.#statement(sql).get(...values);
  }

  #run(sql: string, ...values: (string | number | Uint8Array)[]) {
    return this.#statement(sql).run(...values);
  }
}
