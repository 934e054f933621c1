import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { CleanPointAsk, CleanPointFound } from '../../restore/cleanPoint/found.ts';
import type { BackupSource, CleanPointFinder, Work } from '../../restore/ports.ts';
import { unread } from '../restic/repository/open.ts';
import type { Repository } from '../restic/repository/repository.ts';
import type { ScannerLimits } from '../scanner/scanner.ts';
import { findCleanPoint } from './findCleanPoint.ts';
import type { NightReader } from './nightReader.ts';
import { ResticNights } from './resticNights.ts';
import { RestoredNights } from './restoredNights.ts';
import { readRules } from './ruleFiles.ts';
import type { VerdictStore } from './verdicts/verdictStore.ts';

/** A source as it is looked through: a restic repository in a folder without restoring, any other night by night. */
type LookedThrough = { open(signal?: AbortSignal): Promise<Result<Repository>> } | BackupSource;

interface CleanPointSettings {
  sources: ReadonlyMap<string, LookedThrough>;
  /** Files of rules, and folders that hold some. */
  rules: readonly string[];
  /** Folder for one file of verdicts a source. They name files of the backups: our own, closed to others. */
  verdicts: string;
  /** Folder for one night at a time, restored and removed: on a disk that holds the largest. */
  staging: string;
  limits?: ScannerLimits;
}

/** The clean points of a hospital's configured sources; one is looked for at a time, so that memory is bounded. */
export class CleanPoints implements CleanPointFinder {
  readonly #settings: CleanPointSettings;
  #last: Promise<unknown> = Promise.resolve();

  constructor(settings: CleanPointSettings) {
    this.#settings = settings;
  }

  find(source: string, ask: CleanPointAsk, work: Work): Promise<Result<CleanPointFound>> {
    const found = this.#last.then(() => this.#find(source, ask, work));
    this.#last = found.catch(() => {});
    return found;
  }

  async #find(source: string, ask: CleanPointAsk, work: Work): Promise<Result<CleanPointFound>> {
    const { sources, rules: places, verdicts, staging, limits } = this.#settings;
    const from = sources.get(source);
    if (from === undefined)
      return refuse('source-unknown', 'No backup source of the configuration has this name.', { where: source });
    const rules = await readRules(places);
    if (!rules.ok) return rules;
    const request = { rules: rules.value, ask, work, verdicts: join(verdicts, `${fileOf(source)}.sqlite`) };
    try {
      const reader = await readerFrom(source, from, join(staging, fileOf(source)), work);
      return reader.ok
        ? await findCleanPoint(reader.value, limits === undefined ? request : { ...request, limits })
        : reader;
    } catch (error) {
      return unread(source, error);
    }
  }
}

async function readerFrom(
  name: string,
  from: LookedThrough,
  staging: string,
  { signal }: Work,
): Promise<Result<(store: VerdictStore) => NightReader>> {
  if (!('open' in from)) return accept((store) => new RestoredNights(name, from, staging, store));
  const opened = await from.open(signal);
  return opened.ok ? accept(() => new ResticNights(opened.value)) : opened;
}

/** A name of the configuration is anything; a file's is not. */
const fileOf = (source: string): string => createHash('sha256').update(source).digest('hex').slice(0, 16);
