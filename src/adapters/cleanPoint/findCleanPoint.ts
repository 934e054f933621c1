import { accept, Refused, type Result } from '../../journal/result.ts';
import { type CleanPointVerdict, cleanPointOf } from '../../restore/cleanPoint/cleanPoint.ts';
import type { Fingerprint } from '../../restore/cleanPoint/explained.ts';
import type { CleanPointAsk, CleanPointFound } from '../../restore/cleanPoint/found.ts';
import type { Work } from '../../restore/ports.ts';
import { interrupted } from '../backupTree/refusals.ts';
import { confinements } from '../scanner/sandbox.ts';
import { ordinaryLimits, type Scanner, type ScannerLimits } from '../scanner/scanner.ts';
import { Judging } from './judging.ts';
import { Looking } from './looking.ts';
import type { ListedNight, NightReader } from './nightReader.ts';
import type { RuleSet } from './ruleFiles.ts';
import { ScannerPool } from './scannerPool.ts';
import { againWhereBroken, type VerdictsPlace } from './verdicts/verdictFile.ts';
import { VerdictStore } from './verdicts/verdictStore.ts';

export interface CleanPointRequest {
  rules: RuleSet;
  ask: CleanPointAsk;
  work: Work;
  /** Keeps verdicts between nights; absent: they last as long as this. */
  verdicts?: VerdictsPlace;
  limits?: ScannerLimits;
  /** By which findings that were explained are known again; absent: none is. */
  fingerprint?: Fingerprint;
}

/**
 * Looks through all nights for the last one with no known sign. Each different content is read, verified and scanned once, ever: what is
 * known of a night is not asked again. What is kept and cannot be relied on is thrown away, and looked at again. Fails with
 * `scanner-failed`, `interrupted`, and as the reader does.
 */
export function findCleanPoint(
  readerOf: (store: VerdictStore) => NightReader,
  request: CleanPointRequest,
): Promise<Result<CleanPointFound>> {
  return againWhereBroken(request.verdicts, () => lookedThrough(readerOf, request));
}

async function lookedThrough(
  readerOf: (store: VerdictStore) => NightReader,
  { rules, ask, work, verdicts, limits = ordinaryLimits, fingerprint }: CleanPointRequest,
): Promise<Result<CleanPointFound>> {
  using store = new VerdictStore(verdicts, rules.hash);
  const reader = readerOf(store);
  await using pool = new ScannerPool(rules.texts, limits);
  const listed = await reader.nights(work);
  if (!listed.ok) return listed;
  const known = store.count;
  const looking = new Looking(pool, store, reader.triesAgain, (done, total) => work.progress(done, total, 'bytes'));
  const read = await readNew(reader, listed.value, store, looking, pool, work);
  if (!read.ok) return read;
  const ready = await pool.ready();
  if (ready !== undefined) store.keepReady(ready);
  const judging = new Judging({ reader, store, looking, ask, fingerprint, keeps: true });
  const verdict = await judged(reader, listed.value, judging, ask, work);
  if (looking.scanned > 0) await tidy(reader, listed.value, store);
  const { engine, refused, confinement } = ready ?? store.ready ?? unused;
  const { blobs, bytes, again } = reader.reading;
  return accept({
    ...verdict,
    rules: { date: rules.date, files: rules.texts.length, engine, refused },
    confinement,
    blobsExamined: blobs,
    bytesExamined: bytes,
    blobsReadAgain: again,
    contents: { scanned: looking.scanned, known },
    notExamined: distinct(verdict),
  });
}

/** Nothing was ever scanned with these rules, because there was nothing to scan. */
const unused: Scanner['ready'] = { engine: null, refused: [], confinement: confinements()[0] ?? 'limits' };

async function readNew(
  reader: NightReader,
  nights: readonly ListedNight[],
  store: VerdictStore,
  looking: Looking,
  pool: ScannerPool,
  work: Work,
): Promise<Result<void>> {
  const lists = new Map(nights.map((night) => [night.list, night]));
  const fresh = [...lists.values()].filter(({ list }) => list !== null && !store.isWhole(list));
  const stop = () => void pool.end();
  work.signal.addEventListener('abort', stop, { once: true });
  try {
    if (work.signal.aborted) return interrupted(reader.place);
    // What is new is nearly always there: the rules are compiled while the lists are read.
    if (fresh.length > 0) void pool.start();
    return await reader.read(fresh, looking, work);
  } catch (error) {
    if (work.signal.aborted) return interrupted(reader.place);
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  } finally {
    work.signal.removeEventListener('abort', stop);
  }
}

/** A night forgotten while it was read is not damaged: it is no longer there. */
async function judged(
  reader: NightReader,
  nights: readonly ListedNight[],
  judging: Judging,
  { compromisedSince }: CleanPointAsk,
  work: Work,
): Promise<CleanPointVerdict> {
  const verdict = await cleanPointOf(nights, judging, compromisedSince);
  if (verdict.snapshots.every((one) => one.verdict !== 'damaged')) return verdict;
  const now = await reader.nights(work);
  const there = new Set(now.ok ? now.value.map(({ id }) => id) : nights.map(({ id }) => id));
  const left = nights.filter(({ id }) => there.has(id));
  return left.length === nights.length ? verdict : cleanPointOf(left, judging, compromisedSince);
}

async function tidy(reader: NightReader, nights: readonly ListedNight[], store: VerdictStore): Promise<void> {
  store.forgetOthers(new Set(nights.flatMap(({ list }) => list ?? [])));
  if (!store.isGrown) return;
  await store.sweep(
    (async function* () {
      for (const night of nights) yield (await reader.filesOf(night)).files;
    })(),
  );
}

function distinct({ snapshots }: CleanPointVerdict): CleanPointFound['notExamined'] {
  const told = new Map<string, CleanPointFound['notExamined'][number]>();
  for (const { notExamined } of snapshots) for (const one of notExamined) told.set(`${one.path}\0${one.reason}`, one);
  return [...told.values()];
}
