import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteEngine } from '../src/adapters/sqlite/engine.ts';
import { openForWriting } from '../src/adapters/sqlite/journalDatabase.ts';
import { eventsOf } from '../src/journal/codec.ts';
import { notebook, notebookEvents } from '../src/journal/notebook.ts';
import { openJournal } from '../src/journal/open.ts';
import { emptyHead, formOf, sealEntry } from '../src/journal/seal.ts';
import {
  flushesPerSecond,
  flushesPerSecondAcrossThreads,
  type Measure,
  median,
  quartiles,
  type Report,
  round,
  spread,
} from './measure.ts';

/**
 * Durable appends through the command queue beside a bare loop on the same disk in the same minute: one thread, the same
 * canonical form, hash, table and insert, the same number of entries per commit as the queue was seen to make.
 */
/** Many short turns of each, one after the other: a shared disk changes within seconds. */
const rounds = 41;
const roundMilliseconds = 120;
/** Before anything counts: a hub runs for months, and its code is compiled after its first minutes. */
const warmingRounds = 12;
const ward = 'Service de réanimation chirurgicale, bâtiment B, niveau 2';

/** Events per second, and entries per commit. */
interface Rate {
  perSecond: number;
  batch: number;
}

async function openQueue(folder: string) {
  const opened = await openJournal({
    engine: sqliteEngine(folder),
    establishment: 'bench',
    events: eventsOf(notebookEvents),
    world: notebook,
    foldKey: 'bench',
    clock: () => Date.now(),
    // Snapshots have a bench of their own.
    snapshotEvery: Number.MAX_SAFE_INTEGER,
  });
  if (!opened.ok) throw new Error(opened.refusal.message);
  const { queue, close } = opened.value;
  let commits = 0;
  queue.onDurable(() => commits++);

  async function rate(writers: number): Promise<Rate> {
    let events = 0;
    commits = 0;
    const start = performance.now();
    const end = start + roundMilliseconds;
    async function write(writer: number): Promise<void> {
      while (performance.now() < end) {
        // Few things, often changed: what a world's own state costs is not the journal's.
        const id = `note-${writer}`;
        const answer = await queue.submit({ type: 'take', id, ward, minutes: events }, { actor: 'person:bench' });
        if (!answer.ok) throw new Error(answer.refusal.message);
        events++;
      }
    }
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    return { perSecond: (events * 1_000) / (performance.now() - start), batch: events / commits };
  }
  return { rate, close };
}

function openLoop(folder: string) {
  const database = openForWriting(folder);
  const insert = database.prepare('INSERT INTO entries (sequence, epoch, hash, form) VALUES (?, ?, ?, ?)');
  const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
  let { sequence, hash } = emptyHead;

  function rate(batch: number): Rate {
    const start = performance.now();
    const end = start + roundMilliseconds;
    let events = 0;
    while (performance.now() < end) {
      begin.run();
      for (let index = 0; index < batch; index++) {
        const entry = sealEntry({
          establishment: 'bench',
          epoch: 1,
          sequence: sequence + 1,
          time: new Date().toISOString(),
          actor: 'person:bench',
          type: 'NoteTaken',
          schemaVersion: 2,
          data: { id: `note-${index}`, ward, minutes: events },
          previousHash: hash,
        });
        insert.run(entry.sequence, entry.epoch, entry.hash, formOf(entry));
        ({ sequence, hash } = entry);
        events++;
      }
      commit.run();
    }
    return { perSecond: (events * 1_000) / (performance.now() - start), batch };
  }
  return { rate, close: () => database.close() };
}

export async function run(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'reflexe-bench-'));
  const queue = await openQueue(join(folder, 'queue'));
  const loopFolder = await mkdtemp(join(folder, 'loop-'));
  const loop = openLoop(loopFolder);
  const lines: Measure[] = [];
  const flushes: number[] = [];
  const across: number[] = [];
  try {
    for (let round = 0; round < warmingRounds; round++) {
      await queue.rate(64);
      loop.rate(64);
    }
    for (const writers of [1, 8, 64]) {
      // Learn the batch.
      const { batch } = await queue.rate(writers);
      loop.rate(Math.max(1, Math.round(batch)));
      const [ours, bare, ratios]: number[][] = [[], [], []];
      let seen = batch;
      for (let round = 0; round < rounds; round++) {
        if (round % 8 === 0) {
          const here = flushesPerSecond(folder, 60);
          flushes.push(here);
          across.push((await flushesPerSecondAcrossThreads(folder, 60)) / here);
        }
        // Who goes first changes, for a disk that tires.
        const first = round % 2 === 0 ? await queue.rate(writers) : undefined;
        const loopRate = loop.rate(Math.max(1, Math.round(first?.batch ?? seen)));
        const queueRate = first ?? (await queue.rate(writers));
        seen = queueRate.batch;
        ours?.push(queueRate.perSecond);
        bare?.push(loopRate.perSecond);
        ratios?.push(queueRate.perSecond / loopRate.perSecond);
      }
      const ratio = median(ratios ?? []);
      lines.push({
        measure: `durable appends, ${writers} writer${writers > 1 ? 's' : ''} (${seen.toFixed(1)} entries a commit)`,
        value: `${round(median(ours ?? []))}/s, bare loop ${round(median(bare ?? []))}/s: ${ratio.toFixed(2)} × (${quartiles(ratios ?? [])})`,
        target: '≥ 0.8 ×',
        met: ratio >= 0.8,
      });
    }
    lines.push({
      measure: 'bound for one writer: a bare flush in another thread, beside one in this thread',
      value: `${median(across).toFixed(2)} × (${quartiles(across)})`,
      target: 'printed',
      met: true,
    });
    lines.push({
      measure: 'fdatasync of the moment',
      value: `${round(median(flushes))}/s (${spread(flushes)})`,
      target: 'printed',
      met: true,
    });
  } finally {
    await queue.close();
    loop.close();
    await rm(folder, { recursive: true });
  }
  return { name: 'journal', lines };
}
