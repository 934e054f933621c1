import { createHash } from 'node:crypto';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { type CleanPointVerdict, cleanPointOf } from '../../restore/cleanPoint/cleanPoint.ts';
import { type ContentFacts, unexamined } from '../../restore/cleanPoint/content.ts';
import type { Night } from '../../restore/cleanPoint/night.ts';
import { Damaged } from '../restic/repository/damaged.ts';
import type { Repository } from '../restic/repository/repository.ts';
import { listed } from '../restic/snapshots.ts';
import type { Confinement } from '../scanner/sandbox.ts';
import { ordinaryLimits, Scanner, type ScannerLimits } from '../scanner/scanner.ts';
import { type Content, filesBelow, inOrderOfPacks } from './contents.ts';
import { RecentBlobs } from './recentBlobs.ts';
import type { RuleSet } from './ruleFiles.ts';
import { VerdictStore } from './verdictStore.ts';

export interface CleanPoint extends CleanPointVerdict {
  /** What it was made with; `engine` is null where rules are not applied on this machine. */
  rules: { date: string | null; files: number; engine: string | null; refused: { file: string; reason: string }[] };
  confinement: Confinement;
  /** Different blobs read, decrypted and verified, and their bytes. */
  blobsExamined: number;
  bytesExamined: number;
  /** Times a blob had to be read again, being part of another content too. */
  blobsReadAgain: number;
  contents: { scanned: number; known: number };
  notExamined: { path: string; reason: string }[];
}

export interface CleanPointRequest {
  rules: RuleSet;
  /** Files laid to be touched by nobody: path in the backup, SHA-256 of their content. */
  canaries?: readonly { path: string; sha256: string }[];
  /** ISO 8601, as a person entered it. */
  compromisedSince?: string;
  /** File that keeps verdicts between nights. */
  verdicts?: string;
  signal: AbortSignal;
  progress(doneBytes: number, totalBytes: number): void;
  limits?: ScannerLimits;
}

/** Verdicts are written together, and a crash costs no more than this many. */
const keptTogether = 500;

/**
 * Looks through all snapshots of a repository for the last one with no known sign. Each different content is read, verified and scanned
 * once. Fails with `scanner-failed`, `interrupted`, `backup-damaged`.
 */
export async function findCleanPoint(repository: Repository, request: CleanPointRequest): Promise<Result<CleanPoint>> {
  const { rules, signal } = request;
  const snapshots = await listed(repository);
  const trees = new Map((await repository.snapshots()).whole.map(({ id, tree }) => [id, tree]));
  using store = new VerdictStore(request.verdicts, rules.hash);
  const facts = new Map<string, ContentFacts>();
  const wanted = new Map<string, Content>();
  let known = 0;
  const treesRead = new Set<string>();
  for (const tree of trees.values()) {
    if (treesRead.size === treesRead.add(tree).size) continue;
    if (signal.aborted) return interrupted(repository);
    await filesBelow(repository, tree, (content) => {
      if (content.blobs.length === 0 || facts.has(content.key) || wanted.has(content.key)) return;
      const before = store.read(content.key);
      if (before === undefined) wanted.set(content.key, content);
      else {
        facts.set(content.key, before);
        known += 1;
      }
    });
  }
  const blobs = new RecentBlobs(repository);
  const damaged = new Map<string, string>();
  const scanned = await scan(repository, request, [...wanted.values()], blobs, store, facts, damaged);
  if (!scanned.ok) return scanned;
  if (signal.aborted) return interrupted(repository);

  const nights = snapshots.map(
    ({ id, time, storedAt, host, paths, damaged: unreadable }): Omit<Night, 'files'> => ({
      id,
      time,
      host,
      paths,
      damaged: unreadable === true ? [{ path: '/', reason: 'the snapshot itself cannot be read' }] : [],
      ...(storedAt === undefined ? {} : { storedAt }),
    }),
  );
  const filesOf = async (id: string): Promise<Pick<Night, 'files' | 'damaged'>> => {
    const tree = trees.get(id);
    if (tree === undefined) return { files: [], damaged: [] };
    const night = await filesBelow(repository, tree);
    for (const { path, content } of night.files) {
      const reason = damaged.get(content);
      if (reason !== undefined) night.damaged.push({ path, reason });
    }
    return night;
  };
  // A blob is named by the SHA-256 of its bytes, and a canary is one blob: restic cuts nothing below 512 KiB.
  const canaries = (request.canaries ?? []).map(({ path, sha256 }) => ({ path, content: sha256 }));
  const verdict = await cleanPointOf(
    nights,
    { facts: (content) => (content === emptyKey ? nothing : facts.get(content)), canaries },
    filesOf,
    request.compromisedSince ?? null,
  );
  return accept({
    ...verdict,
    rules: {
      date: rules.date,
      files: rules.texts.length,
      engine: scanned.value.engine,
      refused: scanned.value.refused,
    },
    confinement: scanned.value.confinement,
    blobsExamined: blobs.count,
    bytesExamined: blobs.bytes,
    blobsReadAgain: blobs.readAgain,
    contents: { scanned: wanted.size, known },
    notExamined: distinct(verdict),
  });
}

const emptyKey = createHash('sha256').update('').digest('hex');
const nothing: ContentFacts = { ...unexamined(0, ''), notExamined: [] };

async function scan(
  repository: Repository,
  { rules, signal, progress, limits = ordinaryLimits }: CleanPointRequest,
  wanted: readonly Content[],
  blobs: RecentBlobs,
  store: VerdictStore,
  facts: Map<string, ContentFacts>,
  damaged: Map<string, string>,
): Promise<Result<Scanner['ready']>> {
  // Two, so that both cores of a small machine work; the memory of a third is not there.
  const starting = [1, 2].slice(0, Math.max(1, wanted.length)).map(() => Scanner.start(rules.texts, limits));
  const [first, second] = await Promise.all(starting);
  await using another = second?.ok === true ? second.value : undefined;
  if (first?.ok !== true) return first ?? interrupted(repository);
  await using one = first.value;
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const fresh = new Map<string, ContentFacts>();
  const queue = inOrderOfPacks(wanted, await repository.blobs())[Symbol.iterator]();
  const lane = async (scanner: Scanner): Promise<void> => {
    for (let next = queue.next(); !next.done && !signal.aborted; next = queue.next()) {
      const { key, blobs: ids, bytes } = next.value;
      try {
        const found = await scanner.examine(bytes, async function* () {
          for (const id of ids) yield await blobs.blob(id, ids.length > 1);
        });
        facts.set(key, found);
        fresh.set(key, found);
      } catch (error) {
        if (!(error instanceof Damaged)) throw error;
        damaged.set(key, error.message);
      }
      if (fresh.size >= keptTogether) keep(store, fresh);
      done += bytes;
      progress(done, total);
    }
  };
  await Promise.all([one, another].map((scanner) => (scanner === undefined ? undefined : lane(scanner))));
  keep(store, fresh);
  return accept(one.ready);
}

function keep(store: VerdictStore, fresh: Map<string, ContentFacts>): void {
  store.keep(fresh);
  fresh.clear();
}

function distinct({ snapshots }: CleanPointVerdict): CleanPoint['notExamined'] {
  const told = new Map<string, CleanPoint['notExamined'][number]>();
  for (const { notExamined } of snapshots) for (const one of notExamined) told.set(`${one.path}\0${one.reason}`, one);
  return [...told.values()];
}

const interrupted = (repository: Repository) =>
  refuse('interrupted', 'Stopped while looking for the clean point.', {
    where: repository.files.place,
    kept: 'What was found so far is kept, where verdicts are kept at all.',
    retryable: true,
  });
