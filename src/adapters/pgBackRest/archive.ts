import { createHash } from 'node:crypto';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { Work } from '../../restore/ports.ts';
import type { WalArchive } from '../walArchive/archive.ts';
import { unpacked } from '../walArchive/unpacked.ts';
import { pgBackRestRefusal } from './refusals.ts';
import { type PgBackRestRepository, runPgBackRest } from './run.ts';
import { filesIn } from './said.ts';

const SEGMENT = /^[0-9A-F]{16}\/([0-9A-F]{24})-([0-9a-f]{40})(\.\w+)?$/;

/** The write-ahead log as pgBackRest archived it: its name says the SHA-1 of each segment. `id` is the database's (`15-1`). */
export class PgBackRestArchive implements WalArchive {
  readonly place: string;
  readonly #where: PgBackRestRepository;
  readonly #folder: string;
  readonly #files = new Map<string, { path: string; sha1: string; ending: string }>();

  constructor(where: PgBackRestRepository, id: string) {
    this.#where = where;
    this.#folder = `archive/${where.stanza}/${id}`;
    this.place = `${where.repository}/${this.#folder}`;
  }

  async segments(timeline: number, work: Work): Promise<Result<string[]>> {
    const verb = ['repo-ls', this.#folder, '--recurse', '--output=json'];
    const ran = await runPgBackRest(this.#where, verb, { signal: work.signal });
    if (!ran.ok) return ran;
    if (ran.value.status !== 0) return pgBackRestRefusal(this.place, ran.value);
    for (const path of filesIn(ran.value.output)) {
      const [, name, sha1, ending = ''] = SEGMENT.exec(path) ?? [];
      if (name !== undefined && sha1 !== undefined) this.#files.set(name, { path, sha1, ending });
    }
    const of = timeline.toString(16).toUpperCase().padStart(8, '0');
    return accept([...this.#files.keys()].filter((name) => name.startsWith(of)).toSorted());
  }

  async read(name: string, work: Work): Promise<Result<Buffer>> {
    const file = this.#files.get(name);
    const where = `${this.place}/${file?.path ?? name}`;
    const chunks: Buffer[] = [];
    const ran = await runPgBackRest(this.#where, ['repo-get', `${this.#folder}/${file?.path ?? name}`], {
      signal: work.signal,
      onOutput: (chunk) => chunks.push(chunk),
    });
    if (!ran.ok) return ran;
    if (ran.value.status !== 0) return pgBackRestRefusal(where, ran.value);
    const content = await unpacked(Buffer.concat(chunks), file?.ending ?? '').catch(() => null);
    if (content === undefined)
      return refuse('backup-unreadable', 'This segment is packed in a way that is not read here.', {
        where,
        expected: 'gzip, zstd, or none (`compress-type`)',
        kept: 'The base backup itself can be restored.',
        cure: 'Set compress-type to gz or zst for the backups to come.',
      });
    if (content === null || createHash('sha1').update(content).digest('hex') !== file?.sha1)
      return refuse('backup-damaged', 'A segment of the archive is not what was archived.', {
        where,
        expected: `SHA-1 ${file?.sha1 ?? ''}`,
        kept: 'Nothing after it was read.',
        cure: 'Ask for a moment before it, or look for another copy of this segment.',
      });
    return accept(content);
  }
}
