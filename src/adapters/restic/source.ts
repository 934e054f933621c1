import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { accept, type Refusing, type Result, refuse } from '../../journal/result.ts';
import type { BackupSnapshot, BackupSource, Work } from '../../restore/ports.ts';
import { runRestic } from './run.ts';

export interface ResticRepository {
  /** Folder, or a URL restic knows. */
  repository: string;
  /** A file that holds the password; the password itself never passes through our arguments or environment. */
  passwordFile: string;
}

const Listed = z.array(
  z.object({
    id: z.string(),
    time: z.string(),
    hostname: z.string().default(''),
    paths: z.array(z.string()).default([]),
  }),
);
const Line = z.discriminatedUnion('struct_type', [
  z.object({ struct_type: z.literal('snapshot'), paths: z.array(z.string()) }),
  z.object({ struct_type: z.literal('node'), type: z.string(), size: z.number().default(0) }),
]);

/** A restic repository, read with restic's own binary: never a lock, never a cache, never a write. */
export class ResticSource implements BackupSource {
  readonly #where: ResticRepository;

  constructor(where: ResticRepository) {
    this.#where = where;
  }

  async snapshots(work: Work): Promise<Result<BackupSnapshot[]>> {
    const ran = await runRestic(this.#where, ['snapshots', '--json'], work.signal);
    if (ran.status !== 0) return this.#refusal(ran.errors);
    const listed = Listed.safeParse(parse(ran.output));
    if (!listed.success)
      return refuse('backup-damaged', 'The list of snapshots cannot be read.', { where: this.#where.repository });
    return accept(
      listed.data
        .map(({ id, time, hostname, paths }) => ({
          id,
          time: new Date(time).toISOString(),
          host: hostname,
          paths,
          bytes: null,
          files: null,
        }))
        .toSorted((one, other) => one.time.localeCompare(other.time)),
    );
  }

  /** Writes the snapshot's content under `into`; a single backed-up folder becomes `into` itself, whatever its path was. */
  async restore(snapshot: string, into: string, work: Work) {
    const stated = await this.#stated(snapshot, work);
    if (!stated.ok) return stated;
    const { paths, ...total } = stated.value;
    const ran = await runRestic(
      this.#where,
      ['restore', snapshot, '--target', into, '--verify'],
      work.signal,
      (written) => work.progress(Math.min(written, total.bytes), total.bytes, 'bytes'),
    );
    if (work.signal.aborted)
      return refuse('interrupted', 'Stopped while restoring.', { where: snapshot, retryable: true });
    const problems = ran.errors
      .split('\n')
      .filter((line) => /^(ignoring error for|error|Fatal|.*ciphertext verification|.*does not exist)/i.test(line))
      .map((line) => ({ path: snapshot, reason: line.slice(0, 200) }));
    if (ran.status !== 0 && problems.length === 0) return this.#refusal(ran.errors);
    if (ran.status !== 0)
      return refuse('backup-damaged', 'This snapshot does not restore whole.', {
        where: snapshot,
        kept: problems[0]?.reason ?? '',
      });
    const [only] = paths;
    if (only !== undefined && paths.length === 1 && existsSync(join(into, only))) await lift(join(into, only), into);
    return accept({ ...total, problems });
  }

  /** What the repository states of one snapshot, before any of it is read. */
  async #stated(snapshot: string, work: Work): Promise<Result<{ files: number; bytes: number; paths: string[] }>> {
    const ran = await runRestic(this.#where, ['ls', '--json', snapshot], work.signal);
    if (ran.status !== 0) return this.#refusal(ran.errors);
    let files = 0;
    let bytes = 0;
    let paths: string[] = [];
    for (const line of ran.output.split('\n')) {
      const said = Line.safeParse(parse(line));
      if (!said.success) continue;
      if (said.data.struct_type === 'snapshot') paths = said.data.paths;
      else if (said.data.type === 'file') {
        files += 1;
        bytes += said.data.size;
      }
    }
    return accept({ files, bytes, paths });
  }

  #refusal(errors: string): Refusing {
    const where = this.#where.repository;
    const said = errors.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
    if (/wrong password|no key found/i.test(errors)) {
      return refuse('backup-wrong-password', 'The password does not open this backup repository.', {
        where,
        expected: 'the password of one of its keys',
        kept: 'Nothing was read or changed.',
        cure: 'Check the secret this source names.',
      });
    }
    if (/ENOENT|executable|spawn/i.test(errors)) {
      return refuse('backup-tool-missing', 'restic is not installed here.', {
        where,
        cure: 'Install the package restic.',
      });
    }
    if (/does not exist|unable to open config|connection refused|no such/i.test(errors)) {
      return refuse('backup-unreachable', 'The backup repository cannot be opened.', {
        where,
        expected: 'a restic repository',
        kept: said,
        cure: 'Check its path and that its disk is mounted.',
      });
    }
    return refuse('backup-damaged', 'The backup repository could not be read whole.', {
      where,
      kept: said,
      cure: 'Try an older snapshot, or another copy of this repository.',
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Restic writes a snapshot under the path it was taken from; what was backed up is wanted, not where it stood. */
async function lift(folder: string, into: string): Promise<void> {
  const aside = `${into}.lifted`;
  await rm(aside, { recursive: true, force: true });
  await rename(folder, aside);
  await rm(into, { recursive: true });
  await rename(aside, into);
}
