import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../../journal/codec.ts';
import { notebook, notebookEvents } from '../../../journal/notebook.ts';
import { openJournal } from '../../../journal/open.ts';
import { sqliteEngine } from '../engine.ts';
import { openWritten } from './examine.ts';

const ada = { actor: 'person:ada' };
const note = (n: number) => ({ type: 'take' as const, ward: 'x'.repeat(3_000), id: `n${n}` });

/** A real disk that is really full: eight megabytes of memory, mounted for the test. */
async function withSmallDisk(test: (folder: string) => Promise<void>): Promise<string | undefined> {
  const disk = await mkdtemp(join(tmpdir(), 'reflexe-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'pipe' });
  } catch {
    await rm(disk, { recursive: true });
    return 'mounting a small disk needs root';
  }
  try {
    await test(disk);
  } finally {
    execFileSync('umount', [disk]);
    await rm(disk, { recursive: true });
  }
  return undefined;
}

function fill(file: string): void {
  try {
    for (let size = 1_048_576; ; size *= 2) writeFileSync(file, Buffer.alloc(size));
  } catch {
    // Full, which was wanted.
  }
}

describe('a full disk', () => {
  it('refuses what it cannot keep, as retryable, keeps what it acknowledged, and goes on once there is room', async ({
    skip,
  }) => {
    const why = await withSmallDisk(async (disk) => {
      const folder = join(disk, 'journal');
      const ballast = join(disk, 'ballast');
      writeFileSync(ballast, Buffer.alloc(2 * 1_048_576));
      const troubles: string[] = [];
      const opened = await openJournal({
        engine: sqliteEngine(folder),
        establishment: 'hospital-a',
        events: eventsOf(notebookEvents),
        world: notebook,
        foldKey: 'fold-1',
        clock: () => Date.now(),
        onTrouble: (what) => troubles.push(what),
      });
      if (!opened.ok) throw new Error(opened.refusal.message);
      const { queue, saveSnapshot, close } = opened.value;
      let kept = 0;
      for (;;) {
        const answer = await queue.submit(note(kept), ada);
        if (answer.ok) {
          kept++;
          continue;
        }
        expect(answer.refusal).toMatchObject({
          code: 'journal-unavailable',
          message: 'The disk that holds the journal is full.',
          where: join(folder, 'journal.sqlite'),
          retryable: true,
        });
        break;
      }
      expect(kept).toBeGreaterThan(100);
      fill(ballast);
      expect(await queue.submit(note(kept), ada)).toMatchObject({ refusal: { code: 'journal-unavailable' } });
      const secret = { ...note(kept), text: 'chambre 12', author: 'someone new' };
      expect(await queue.submit(secret, ada)).toMatchObject({
        refusal: { code: 'journal-unavailable', retryable: true },
      });
      expect(queue.durable.head.sequence).toBe(kept);
      await saveSnapshot();
      expect(troubles).toEqual(['the snapshot could not be saved; the journal itself is whole']);
      expect((await readdir(folder)).filter((name) => name.startsWith('snapshot'))).toEqual([]);

      await rm(ballast);
      expect(await queue.submit(note(kept), ada)).toMatchObject({ ok: true, value: { sequence: kept + 1 } });
      await close();
      const again = await openWritten(folder);
      if (!again.ok) throw new Error(again.refusal.message);
      expect(again.value.queue.durable).toMatchObject({ head: { sequence: kept + 1 }, state: { taken: kept + 1 } });
      expect(await again.value.verify()).toMatchObject({ ok: true, entries: kept + 1 });
      await again.value.close();
    });
    if (why !== undefined) skip(why);
  });

  it('says so when a journal cannot even be begun', async ({ skip }) => {
    const why = await withSmallDisk(async (disk) => {
      fill(join(disk, 'ballast'));
      expect(await openWritten(join(disk, 'journal'))).toMatchObject({
        ok: false,
        refusal: { code: 'journal-unavailable', message: 'The disk that holds the journal is full.', retryable: true },
      });
    });
    if (why !== undefined) skip(why);
  });
});
