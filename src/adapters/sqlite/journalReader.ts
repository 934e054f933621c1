import type { DatabaseSync } from 'node:sqlite';
import type { Json } from '../../journal/event.ts';
import type { Checkpoint, Head, StoredEntry } from '../../journal/ports.ts';
import { Refused } from '../../journal/result.ts';
import { emptyHead, sha256 } from '../../journal/seal.ts';
import { refusalOf } from './journalDatabase.ts';

/** Characters given back at once: a chunk of very large entries must not fill the memory. */
const chunkCharactersMax = 8 * 1_048_576;

export interface JournalReader {
  head(): Head;
  stored(after: number, limit: number): StoredEntry[];
  checkpoints(after: number, limit: number): Checkpoint[];
  /** The document's text, as stored and as its name says. */
  document(hash: string): string | undefined;
  /** What SQLite says of its own structures: `ok`, or the first thing wrong. */
  integrity(): string;
}

/** The reading half of a journal's database; used by the worker that writes it and by those who only verify it. */
export function createReader(database: DatabaseSync, folder: string): JournalReader {
  const damaged = (message: string): Refused =>
    new Refused({
      code: 'journal-damaged',
      message,
      where: folder,
      kept: 'the file as it is',
      cure: 'Run `reflexe journal verify` on the folder, then take the journal from a copy.',
      retryable: false,
    });
  const guarded = <Value>(read: () => Value): Value => {
    try {
      return read();
    } catch (error) {
      const refusal = refusalOf(error, folder);
      throw refusal.code === 'journal-unavailable'
        ? damaged(`The journal could not be read: ${error}.`)
        : new Refused(refusal);
    }
  };
  const [headRow, rows, marks, body] = guarded(() => [
    database.prepare('SELECT epoch, sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1'),
    database.prepare('SELECT sequence, epoch, hash, form FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?'),
    database.prepare('SELECT sequence, body FROM checkpoints WHERE sequence > ? ORDER BY sequence LIMIT ?'),
    database.prepare('SELECT text FROM documents WHERE hash = ?'),
  ]);

  function stored(after: number, limit: number): StoredEntry[] {
    const entries: StoredEntry[] = [];
    let characters = 0;
    try {
      for (const { sequence, epoch, hash, form } of rows.iterate(after, limit)) {
        if (typeof sequence !== 'number' || typeof epoch !== 'number')
          throw damaged('A row of the journal has no place.');
        if (typeof hash !== 'string' || typeof form !== 'string') throw damaged(`Entry ${sequence} is not text.`);
        entries.push({ sequence, epoch, hash, form });
        characters += form.length;
        if (characters >= chunkCharactersMax) break;
      }
    } catch (error) {
      // What stands before the damage is still given; the next call meets it first.
      if (entries.length === 0) throw error;
    }
    return entries;
  }

  return {
    head: () =>
      guarded(() => {
        const row = headRow.get();
        if (row === undefined) return emptyHead;
        return { epoch: Number(row.epoch), sequence: Number(row.sequence), hash: String(row.hash) };
      }),
    stored: (after, limit) => guarded(() => stored(after, limit)),
    checkpoints: (after, limit) =>
      guarded(() =>
        marks.all(after, limit).map(({ sequence, body: text }) => {
          try {
            const parsed: Checkpoint = JSON.parse(String(text));
            return { ...parsed, sequence: Number(sequence) };
          } catch {
            throw damaged(`The checkpoint at entry ${sequence} cannot be read.`);
          }
        }),
      ),
    document: (hash) =>
      guarded(() => {
        const text = body.get(hash)?.text;
        if (text === undefined) return undefined;
        if (typeof text !== 'string' || `sha256:${sha256(text)}` !== hash)
          throw damaged(`The document ${hash} was altered.`);
        return text;
      }),
    integrity: () => guarded(() => String(Object.values(database.prepare('PRAGMA integrity_check(1)').get() ?? {})[0])),
  };
}

export const parseDocument = (text: string): Json => JSON.parse(text);
