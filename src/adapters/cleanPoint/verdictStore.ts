import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ContentFacts } from '../../restore/cleanPoint/content.ts';
import { Facts } from '../scanner/frames.ts';

/** To be raised whenever a scanner would say something else of the same bytes. */
const scannerVersion = 2;

/**
 * What was found of each content, kept between nights: a new night costs only what it brings. Keyed by content, rules and scanner; a
 * verdict that names what was not examined is not kept, so that it is tried again. Names and paths are not in it.
 */
export class VerdictStore {
  readonly #database: DatabaseSync;
  readonly #rules: string;

  /** In a file, or in memory only where no file is named. */
  constructor(file: string | undefined, rulesHash: string) {
    if (file !== undefined) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.#database = new DatabaseSync(file ?? ':memory:');
    this.#rules = `${scannerVersion} ${rulesHash}`;
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS verdict (rules TEXT, content TEXT, facts TEXT NOT NULL, PRIMARY KEY (rules, content)) WITHOUT ROWID;
    `);
  }

  read(content: string): ContentFacts | undefined {
    const row = this.#database
      .prepare('SELECT facts FROM verdict WHERE rules = ? AND content = ?')
      .get(this.#rules, content);
    if (typeof row?.facts !== 'string') return undefined;
    return Facts.safeParse(JSON.parse(row.facts)).data;
  }

  keep(found: ReadonlyMap<string, ContentFacts>): void {
    const insert = this.#database.prepare('INSERT OR REPLACE INTO verdict VALUES (?, ?, ?)');
    this.#database.exec('BEGIN');
    for (const [content, facts] of found)
      if (facts.notExamined.length === 0) insert.run(this.#rules, content, JSON.stringify(facts));
    this.#database.exec('COMMIT');
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
