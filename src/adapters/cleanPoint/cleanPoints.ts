import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sealer } from '../../access/sealer.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';
import type { Fingerprint, Sighting } from '../../restore/cleanPoint/explained.ts';
import type { CleanPointAsk, CleanPointFound } from '../../restore/cleanPoint/found.ts';
import type { BackupSource, CleanPointFinder, SignFinder, Work } from '../../restore/ports.ts';
import { removeTree } from '../backupTree/removeTree.ts';
import { endWriters } from '../recoveryFolders/writers.ts';
import { unread } from '../restic/repository/open.ts';
import type { Repository } from '../restic/repository/repository.ts';
import type { ScannerLimits } from '../scanner/scanner.ts';
import { type CleanPointRequest, findCleanPoint } from './findCleanPoint.ts';
import type { NightReader } from './nightReader.ts';
import { ResticNights } from './resticNights.ts';
import { RestoredNights } from './restoredNights.ts';
import { readRules } from './ruleFiles.ts';
import { type Sought, sightingIn } from './sighting.ts';
import { againWhereBroken, type ThrownAway, type VerdictsPlace, verdictFiles } from './verdicts/verdictFile.ts';
import type { VerdictStore } from './verdicts/verdictStore.ts';

/** A source as it is looked through: a restic repository in a folder without restoring, any other night by night. */
type LookedThrough = { open(signal?: AbortSignal): Promise<Result<Repository>> } | BackupSource;

interface CleanPointSettings {
  sources: ReadonlyMap<string, LookedThrough>;
  /** Files of rules, and folders that hold some. */
  rules: readonly string[];
  /** Folder for one file of verdicts a source, and nothing else: sealed, for they name files of the backups. */
  verdicts: string;
  /** What these files are sealed under; it has to open them for as long as they are to be kept. */
  sealer: Pick<Sealer, 'seal' | 'open'>;
  /** Folder for one night at a time, restored and removed: on a disk that holds the largest. */
  staging: string;
  limits?: ScannerLimits;
  onTrouble(what: string, error: unknown): void;
  /** Of this establishment's key. Absent: no explanation is bound here, and none that is bound covers anything. */
  fingerprint?: Fingerprint | undefined;
}

/** The clean points of a hospital's configured sources; one is looked for at a time, so that memory is bounded. */
export class CleanPoints implements CleanPointFinder, SignFinder {
  readonly #settings: CleanPointSettings;
  #last: Promise<unknown>;

  constructor(settings: CleanPointSettings) {
    this.#settings = settings;
    this.#last = this.#tidy().catch((error: unknown) => settings.onTrouble('what is kept of backups', error));
  }

  find(source: string, ask: CleanPointAsk, work: Work): Promise<Result<CleanPointFound>> {
    const found = this.#last.then(() => this.#find(source, ask, work));
    this.#last = found.catch(() => {});
    return found;
  }

  /** Beside a look through the nights, which may take hours: it reads what that one keeps. */
  sighting(source: string, ask: CleanPointAsk, sought: Sought, work: Work): Promise<Result<Sighting>> {
    return this.#over(source, ask, work, async (reader, request) => {
      const { fingerprint } = request;
      if (fingerprint === undefined) return noKey();
      return againWhereBroken(request.verdicts, () => sightingIn(reader, { ...request, fingerprint }, sought));
    });
  }

  #find(source: string, ask: CleanPointAsk, work: Work): Promise<Result<CleanPointFound>> {
    return this.#over(source, ask, work, findCleanPoint);
  }

  async #over<Answer>(
    source: string,
    ask: CleanPointAsk,
    work: Work,
    look: (readerOf: (store: VerdictStore) => NightReader, request: CleanPointRequest) => Promise<Result<Answer>>,
  ): Promise<Result<Answer>> {
    const { sources, rules: places, staging, limits, fingerprint } = this.#settings;
    const from = sources.get(source);
    if (from === undefined)
      return refuse('source-unknown', 'No backup source of the configuration has this name.', { where: source });
    const rules = await readRules(places);
    if (!rules.ok) return rules;
    try {
      const reader = await readerFrom(source, from, join(staging, fileOf(source)), work);
      if (!reader.ok) return reader;
      return await look(reader.value, {
        ...{ rules: rules.value, ask, work, verdicts: this.#placeOf(source) },
        ...(limits === undefined ? {} : { limits }),
        ...(fingerprint === undefined ? {} : { fingerprint }),
      });
    } catch (error) {
      return unread(source, error);
    }
  }

  #placeOf(source: string): VerdictsPlace {
    const { verdicts, sealer, onTrouble } = this.#settings;
    const onThrownAway = (why: ThrownAway) => onTrouble(thrownAway[why], 'nights are looked through again');
    return { file: join(verdicts, verdictsOf(source)), sealer, of: source, isOurs: true, onThrownAway };
  }

  /** What no look of this life would come by: verdicts of earlier versions and of sources that are no more, nights that a killed life left. */
  async #tidy(): Promise<void> {
    const { sources, verdicts, staging, onTrouble } = this.#settings;
    const known = new Set([...sources.keys()].flatMap((source) => verdictFiles(verdictsOf(source))));
    const others = (await namesIn(verdicts)).filter((name) => !known.has(name));
    for (const name of others) await removeTree(join(verdicts, name));
    if (others.length > 0) onTrouble(thrownAway.earlier, `${others.length} files`);
    for (const name of await namesIn(staging)) {
      await endWriters(join(staging, name));
      await removeTree(join(staging, name));
    }
  }
}

const thrownAway: { readonly [why in ThrownAway]: string } = {
  earlier: 'verdicts of backups kept by an earlier version, or of sources that are no more, were removed',
  broken: 'verdicts of backups were altered, damaged, or sealed under another key, and were removed',
};

const noKey = () =>
  refuse('explanation-not-here', 'Signs cannot be explained here: there is no key to remember them by.', {
    expected: 'the hospital’s own world',
    kept: 'Nothing was explained.',
  });

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

const verdictsOf = (source: string): string => `${fileOf(source)}.verdicts`;

/** Empty where there is no such folder yet. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** A name of the configuration is anything; a file's is not. */
const fileOf = (source: string): string => createHash('sha256').update(source).digest('hex').slice(0, 16);
