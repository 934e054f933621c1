import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { NightFile } from '../../../restore/cleanPoint/night.ts';
import { Facts } from '../../scanner/frames.ts';
import type { Examined, Scanner } from '../../scanner/scanner.ts';
import { BrokenVerdicts, opened, openVerdicts, type VerdictsPlace, verdictsInMemory } from './verdictFile.ts';

/** To be raised whenever a scanner would say something else of the same bytes, or a judge of the same facts. */
const scannerVersion = 4;
/** Rules change and come back (a night without network): what the last sets found is kept. */
const ruleSetsKept = 3;
/** Files of a night kept in one piece. */
const filesTogether = 10_000;
/** Below this nothing is swept. */
const sweptMin = 100_000;

type Ready = Scanner['ready'];

/**
 * What was found of each content and said of each night, kept: asked again, only what is new costs anything. Keyed by rules and scanner.
 * It tells names of files: what says anything is sealed, bound to its row. Where that does not open it throws:
 * `againWhereBroken` says what then.
 */
export class VerdictStore {
  readonly #database: DatabaseSync;
  readonly #sealer: ReturnType<typeof openVerdicts>['sealer'];
  readonly #rules: number;
  readonly #prepared = new Map<string, StatementSync>();

  /** In a file, or in memory only where none is named. */
  constructor(place: VerdictsPlace | undefined, rulesHash: string) {
    const { database, sealer } = place === undefined ? verdictsInMemory() : openVerdicts(place);
    this.#database = database;
    this.#sealer = sealer;
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

  /** Whether a content was looked at, or nobody could. */
  outcome(content: string): 'looked' | 'failed' | undefined {
    const row = this.#one('SELECT failed FROM facts WHERE rules = ? AND content = ?', this.#rules, content);
    return row === undefined ? undefined : row.failed === 1 ? 'failed' : 'looked';
  }

  facts(content: string): Examined | undefined {
    const row = this.#one('SELECT facts, failed FROM facts WHERE rules = ? AND content = ?', this.#rules, content);
    if (row === undefined) return undefined;
    const facts = Facts.safeParse(this.#open(`facts ${this.#rules} ${content}`, row.facts)).data;
    if (facts === undefined) throw new BrokenVerdicts();
    return row.failed === 1 ? { ...facts, failed: true } : facts;
  }

  keepFacts(found: ReadonlyMap<string, Examined>): void {
    this.#together(() => {
      for (const [content, { failed, ...facts }] of found)
        this.#run(
          'INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)',
          this.#rules,
          content,
          this.#seal(`facts ${this.#rules} ${content}`, facts),
          failed === true ? 1 : 0,
        );
    });
  }

  /** What was said of a night (by the key of its list), asked so. */
  said<Said>(list: string, asked: string): Said | undefined {
    const at = [this.#rules, this.#night(list), this.#asked(asked)] as const;
    const row = this.#one('SELECT said FROM said WHERE rules = ? AND list = ? AND asked = ?', ...at);
    return row === undefined ? undefined : this.#open(`said ${at.join(' ')}`, row.said);
  }

  say(list: string, asked: string, said: unknown): void {
    const at = [this.#rules, this.#night(list), this.#asked(asked)] as const;
    this.#run('INSERT OR REPLACE INTO said VALUES (?, ?, ?, ?)', ...at, this.#seal(`said ${at.join(' ')}`, said));
  }

  /** Whether every content of a night was looked at with these rules. */
  isWhole(list: string): boolean {
    return this.#one('SELECT 1 FROM whole WHERE rules = ? AND list = ?', this.#rules, this.#night(list)) !== undefined;
  }

  setWhole(list: string): void {
    this.#run('INSERT OR REPLACE INTO whole VALUES (?, ?)', this.#rules, this.#night(list));
  }

  /** Files of a night that has to be restored to be listed; undefined where it never was. */
  files(list: string): NightFile[] | undefined {
    const night = this.#night(list);
    const rows = this.#statement('SELECT part, files FROM files WHERE list = ? ORDER BY part').all(night);
    if (rows.length === 0) return undefined;
    return rows.flatMap(({ part, files }) =>
      JSON.parse(zstdDecompressSync(this.#opened(`files ${night} ${part}`, files)).toString('utf8')),
    );
  }

  keepFiles(list: string, files: readonly NightFile[]): void {
    const night = this.#night(list);
    this.#together(() => {
      for (let part = 0; part === 0 || part * filesTogether < files.length; part += 1) {
        const some = files.slice(part * filesTogether, (part + 1) * filesTogether);
        const packed = zstdCompressSync(Buffer.from(JSON.stringify(some)));
        const sealed = this.#sealer.seal(`files ${night} ${part}`, packed);
        this.#run('INSERT OR REPLACE INTO files VALUES (?, ?, ?)', night, part, sealed);
      }
    });
  }

  /** What was said of nights that are no longer there is forgotten. */
  forgetOthers(lists: ReadonlySet<string>): void {
    const nights = new Set([...lists].map((list) => this.#night(list)));
    this.#together(() => {
      for (const table of ['said', 'whole', 'files'] as const)
        for (const { list } of this.#statement(`SELECT DISTINCT list FROM ${table}`).all())
          if (typeof list === 'string' && !nights.has(list)) this.#run(`DELETE FROM ${table} WHERE list = ?`, list);
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

  #forgetOldRules(): void {
    this.#together(() => {
      for (const table of ['facts', 'said', 'whole'])
        this.#run(`DELETE FROM ${table} WHERE rules <= ?`, this.#rules - ruleSetsKept);
      this.#run('DELETE FROM rules WHERE id <= ?', this.#rules - ruleSetsKept);
    });
  }

  /** A list may be of names of nights, which a person chose. */
  #night(list: string): string {
    return this.#sealer.index('night', list);
  }

  #asked(asked: string): string {
    return this.#sealer.index('asked', asked);
  }

  #seal(what: string, told: unknown): Uint8Array {
    return this.#sealer.seal(what, JSON.stringify(told));
  }

  #open(what: string, sealed: unknown) {
    return JSON.parse(Buffer.from(this.#opened(what, sealed)).toString('utf8'));
  }

  #opened(what: string, sealed: unknown): Uint8Array {
    if (!(sealed instanceof Uint8Array)) throw new BrokenVerdicts();
    return opened(this.#sealer, what, sealed);
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
