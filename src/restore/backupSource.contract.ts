import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../journal/result.ts';
import type { BackupSource, Work } from './ports.ts';

/** Content by path; null is an empty folder. */
export interface Tree {
  [path: string]: Uint8Array | null;
}

export interface BackupSourceUnderTest {
  source: BackupSource;
  /** A source of the same kind whose place is not there. */
  elsewhere: BackupSource;
  /** An empty folder to restore into; a new one each time. */
  into(): Promise<string>;
  /** What stands below a folder. */
  read(folder: string): Promise<Tree>;
  /** Changes bytes of one night as a failing disk would, so that it cannot come back whole. */
  damage(night: number): Promise<void>;
  /** A digest of all that the source keeps. */
  fingerprint(): Promise<string>;
  end(): Promise<void>;
}

const work: Work = { signal: new AbortController().signal, progress: () => undefined };

const value = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message} ${result.refusal.kept ?? ''}`);
  return result.value;
};

/** Three nights, each with files of its own; names as people and programs give them. */
export const contractNights: readonly { time: string; tree: Tree }[] = [1, 2, 3].map((night) => ({
  time: `2026-03-0${night}T02:30:00.000Z`,
  tree: {
    'registre des gardes.txt': Buffer.from(`nuit ${night}\n`),
    'base/16384/2619': noise(night, 70_000),
    'base/16384/2619_vm': noise(night + 10, 8192),
    'comptes-rendus/été à Saint-Étienne.pdf': noise(night + 20, 3000),
    'vide.txt': Buffer.alloc(0),
    'pg_wal/archive_status': null,
  },
}));

/** Bytes that no two nights share, so that each night's own can be damaged. */
function noise(seed: number, bytes: number): Uint8Array {
  let state = seed * 2_654_435_761;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

/** What every source of backups promises. `prepare` is given nights, oldest first, or answers a reason when it cannot run here. */
export function backupSourceContract(
  name: string,
  prepare: (nights: typeof contractNights) => Promise<BackupSourceUnderTest | { cannot: string }>,
): void {
  describe(`backup source: ${name}`, () => {
    let prepared: BackupSourceUnderTest | { cannot: string };
    beforeAll(async () => {
      prepared = await prepare(contractNights);
    });
    afterAll(async () => {
      if (!('cannot' in prepared)) await prepared.end();
    });
    const promise = (title: string, keep: (test: BackupSourceUnderTest) => Promise<void>) =>
      it(title, async (context) => {
        if ('cannot' in prepared) return context.skip(prepared.cannot);
        const before = await prepared.fingerprint();
        await keep(prepared);
        if (!title.startsWith('damaged'))
          expect(await prepared.fingerprint(), 'nothing was written there').toBe(before);
      });

    promise('names its nights, oldest first, each with its time', async ({ source }) => {
      const listed = value(await source.snapshots(work));
      expect(listed.map(({ time }) => time)).toEqual(contractNights.map(({ time }) => time));
      expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
    });

    promise('restores each night whole, at the root of the folder given', async ({ source, into, read }) => {
      const listed = value(await source.snapshots(work));
      for (const [index, { id }] of listed.entries()) {
        const folder = await into();
        const restored = value(await source.restore(id, folder, work));
        const tree = contractNights[index]?.tree ?? {};
        const files = Object.values(tree).filter((content) => content !== null);
        expect(restored.problems).toEqual([]);
        expect(restored.files).toBe(files.length);
        expect(restored.bytes).toBe(files.reduce((sum, content) => sum + content.length, 0));
        expect(bare(await read(folder))).toEqual(bare(tree));
      }
    });

    promise(
      'tells what stands in each folder of a night, and what is the same as the night before',
      async ({ source }) => {
        const listed = value(await source.snapshots(work));
        const [first, second] = await Promise.all(
          listed.slice(0, 2).map(async ({ id }) => ({
            top: value(await source.entries(id, '', work)),
            below: value(await source.entries(id, 'base/16384', work)),
          })),
        );
        if (first === undefined || second === undefined) throw new Error('two nights at least');
        expect(first.top.truncated).toBe(false);
        expect(first.top.entries.map(({ name, kind }) => [name, kind])).toEqual([
          ['base', 'folder'],
          ['comptes-rendus', 'folder'],
          ['pg_wal', 'folder'],
          ['registre des gardes.txt', 'file'],
          ['vide.txt', 'file'],
        ]);
        expect(first.below.entries).toMatchObject([
          { name: '2619', kind: 'file', bytes: 70_000 },
          { name: '2619_vm', kind: 'file', bytes: 8192 },
        ]);
        const empty = ({ top }: typeof first) => top.entries.find(({ name }) => name === 'vide.txt')?.content;
        expect(empty(first), 'the same bytes, where the source can say so').toBe(empty(second));
        const [one, other] = [first, second].map(({ below }) => below.entries[0]?.content);
        if (one !== null) expect(one).not.toBe(other);
        for (const folder of ['absent', '../base', 'base/16384/2619'])
          expect(await source.entries(listed[0]?.id ?? '', folder, work)).toMatchObject({
            ok: false,
            refusal: { code: 'path-unknown' },
          });
      },
    );

    promise('gives back one part alone, and refuses one that is not there', async ({ source, into, read }) => {
      const [night] = value(await source.snapshots(work));
      const tree = contractNights[0]?.tree ?? {};
      for (const part of ['comptes-rendus/été à Saint-Étienne.pdf', 'base/16384']) {
        const folder = await into();
        const restored = value(await source.restore(night?.id ?? '', folder, work, part));
        const wanted = Object.entries(tree).filter(([path]) => path === part || path.startsWith(`${part}/`));
        expect(restored).toMatchObject({ files: wanted.length, problems: [] });
        expect(bare(await read(folder))).toEqual(bare(Object.fromEntries(wanted)));
      }
      for (const part of ['absent.txt', '../etc', 'base/absent'])
        expect(await source.restore(night?.id ?? '', await into(), work, part)).toMatchObject({
          ok: false,
          refusal: { code: 'path-unknown' },
        });
    });

    promise('refuses a night it does not have, and writes nothing', async ({ source, into, read }) => {
      for (const id of ['0000000000000000', '../2026-03-01T0230', '2019-01-01T0000']) {
        const folder = await into();
        expect(await source.restore(id, folder, work)).toMatchObject({ ok: false });
        expect(await read(folder)).toEqual({});
      }
    });

    promise('stops when it is told to, and says that it was', async ({ source, into }) => {
      const [first] = value(await source.snapshots(work));
      const stopped = { ...work, signal: AbortSignal.abort() };
      expect(await source.restore(first?.id ?? '', await into(), stopped)).toMatchObject({
        ok: false,
        refusal: { code: 'interrupted', retryable: true },
      });
    });

    promise('says that its place is not there, which may pass', async ({ elsewhere }) => {
      const refused = await elsewhere.snapshots(work);
      expect(refused).toMatchObject({ ok: false, refusal: { code: 'backup-unreachable', retryable: true } });
      if (!refused.ok)
        for (const part of ['where', 'expected', 'cure'] as const) expect(refused.refusal[part]).toBeTruthy();
    });

    promise(
      'damaged in one night: that night is told, the others come back whole',
      async ({ source, into, damage }) => {
        await damage(1);
        const listed = value(await source.snapshots(work));
        const told: boolean[] = [];
        for (const night of listed) {
          const restored = night.damaged === true ? null : await source.restore(night.id, await into(), work);
          told.push(restored === null || (!restored.ok && restored.refusal.code === 'backup-damaged'));
          if (restored?.ok) expect(restored.value.problems).toEqual([]);
        }
        expect(told).toEqual([false, true, false]);
      },
    );
  });
}

/** Typed arrays and buffers of the same bytes are the same. */
const bare = (tree: Tree) =>
  Object.fromEntries(
    Object.entries(tree)
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([path, content]) => [path, content === null ? null : Buffer.from(content).toString('base64')]),
  );
