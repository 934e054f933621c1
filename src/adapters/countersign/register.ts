import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import {
  type CountersignRequest,
  type Fork,
  type Judgement,
  judge,
  readCheckpoint,
} from '../../journal/countersign.ts';
import type { Checkpoint } from '../../journal/ports.ts';
import { ownDatabase } from '../sqlite/journalDatabase.ts';

/** Every checkpoint of other sites that this one signed, and the forks it met. Rows are only ever added. */
export interface CountersignRegister {
  /** Judges a request by what was signed before and notes the outcome, in one transaction: durable before it is answered. */
  judge(request: CountersignRequest, site: string, time: string): Judgement;
  /** The last one signed of each journal and epoch. */
  last(): Checkpoint[];
  forks(): { found: string; fork: unknown }[];
  close(): void;
}

const schema = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA recursive_triggers = ON;
  CREATE TABLE IF NOT EXISTS signed (
    establishment TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (establishment, epoch, sequence)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS forks (found TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  ${['signed', 'forks']
    .flatMap((table) =>
      ['UPDATE', 'DELETE'].map(
        (verb) => `CREATE TRIGGER IF NOT EXISTS ${table}_never_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
          BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END;`,
      ),
    )
    .join('\n')}
`;
/** One fork is proof enough; an insistent sender must not fill the disk. */
const forksKeptMax = 16;

const registerFile = (folder: string): string => join(folder, 'countersigned.sqlite');

export const hasRegister = (folder: string): boolean => existsSync(registerFile(folder));

export function openRegister(folder: string): CountersignRegister {
  const database: DatabaseSync = ownDatabase(registerFile(folder));
  database.exec(schema);
  const ofJournal = database.prepare('SELECT body FROM signed WHERE establishment = ? ORDER BY epoch, sequence');
  const sign = database.prepare('INSERT INTO signed (establishment, epoch, sequence, body) VALUES (?, ?, ?, ?)');
  const note = database.prepare('INSERT INTO forks (found, body) VALUES (?, ?)');
  const forksKept = database.prepare('SELECT count(*) AS kept FROM forks');
  const lasts = database.prepare('SELECT body, max(sequence) FROM signed GROUP BY establishment, epoch');
  const readRow = (body: unknown): Checkpoint => {
    const checkpoint = readCheckpoint(JSON.parse(String(body)));
    if (checkpoint === undefined) throw new Error(`${registerFile(folder)} holds a row that is no checkpoint`);
    return checkpoint;
  };
  const keepFork = (fork: Fork, time: string): void => {
    if (Number(forksKept.get()?.kept) < forksKeptMax) note.run(time, JSON.stringify(fork));
  };

  return {
    judge(request, site, time) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const { checkpoint } = request;
        const before = ofJournal.all(checkpoint.establishment).map(({ body }) => readRow(body));
        const judgement = judge(request, before, site);
        if (judgement.verdict === 'sign') {
          sign.run(checkpoint.establishment, checkpoint.epoch, checkpoint.sequence, JSON.stringify(checkpoint));
        }
        if (judgement.verdict === 'fork') keepFork(judgement.fork, time);
        database.exec('COMMIT');
        return judgement;
      } finally {
        if (database.isTransaction) database.exec('ROLLBACK');
      }
    },
    last: () => lasts.all().map(({ body }) => readRow(body)),
    forks: () =>
      database
        .prepare('SELECT found, body FROM forks ORDER BY rowid')
        .all()
        .map(({ found, body }) => ({ found: String(found), fork: JSON.parse(String(body)) })),
    close: () => database.close(),
  };
}
