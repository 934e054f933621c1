import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCodec, eventsOf } from './codec.ts';
import type { RecordedEvent } from './event.ts';
import { memoryKeyStore, memoryStore } from './memory.ts';
import { notebook, notebookEvents } from './notebook.ts';
import type { Envelope, JournalStore, SealStore } from './ports.ts';
import { createQueue } from './queue.ts';
import { Refused } from './result.ts';
import { emptyHead } from './seal.ts';
import { tableSize } from './table.ts';
import { verifyStore } from './verify.ts';

interface HeldCommit {
  entries: readonly Envelope[];
  /** Ends the commit: kept, or failed with this. */
  release(failure?: Error): Promise<void>;
}

/** A store whose commits end when the test says so; what is appended with `more` shares the commit of what follows. */
function heldStore() {
  const inner = memoryStore();
  const commits: HeldCommit[] = [];
  let pieces: { entries: readonly Envelope[]; keep(): Promise<void>; fail(error: Error): void }[] = [];
  const store: JournalStore & SealStore = {
    ...inner,
    append: (entries, documents, more) =>
      new Promise((resolve, reject) => {
        pieces.push({
          entries,
          keep: () => inner.append(entries, documents).then(resolve, reject),
          fail: reject,
        });
        if (more) return;
        const held = pieces;
        pieces = [];
        commits.push({
          entries: held.flatMap((piece) => piece.entries),
          async release(failure) {
            if (failure !== undefined) for (const piece of held) piece.fail(failure);
            else for (const piece of held) await piece.keep();
          },
        });
      }),
  };
  /** The commit under way, once there is one. */
  const next = async () => {
    for (;;) {
      const one = commits.shift();
      if (one !== undefined) return one;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { store, next };
}

function queueOn(store: JournalStore) {
  let ids = 0;
  let now = Date.parse('2024-08-03T00:00:00.000Z');
  return createQueue({
    store,
    codec: createCodec('hospital-a', eventsOf(notebookEvents), memoryKeyStore()),
    world: notebook,
    start: { state: notebook.initial, head: emptyHead },
    clock: () => now++,
    newId: (kind) => `${kind}-${++ids}`,
  });
}

const ada = { actor: 'person:ada' };
const take = (id: string) => ({ type: 'take' as const, ward: 'urgences', id });
const diskFull = new Refused({
  code: 'journal-unavailable',
  message: 'The disk that holds the journal is full.',
  retryable: true,
});

describe('command queue', () => {
  it('acknowledges when durable, with what was recorded', async () => {
    const { store, next } = heldStore();
    const queue = queueOn(store);
    let answered = false;
    const answer = queue.submit(take('n1'), ada).finally(() => {
      answered = true;
    });
    const commit = await next();
    expect(queue.durable.head.sequence).toBe(0);
    expect(answered).toBe(false);
    await commit.release();
    expect(await answer).toMatchObject({
      ok: true,
      value: {
        sequence: 1,
        durable: 'here',
        events: [{ type: 'NoteTaken', actor: 'person:ada', time: '2024-08-03T00:00:00.000Z' }],
      },
    });
    expect(queue.durable).toMatchObject({ head: { sequence: 1 }, state: { taken: 1 } });
  });

  it('decides against what is not yet durable, while a commit runs', async () => {
    const { store, next } = heldStore();
    const queue = queueOn(store);
    const first = queue.submit(take('n1'), ada);
    const commit = await next();
    const more = [
      queue.submit({ type: 'strike', id: 'n1' }, ada),
      queue.submit(take('n2'), ada),
      queue.submit(take('n3'), ada),
    ];
    await commit.release();
    expect(await first).toMatchObject({ ok: true });
    const second = await next();
    expect(second.entries.map((entry) => [entry.sequence, entry.type])).toEqual([
      [2, 'NoteStruck'],
      [3, 'NoteTaken'],
      [4, 'NoteTaken'],
    ]);
    await second.release();
    expect(await Promise.all(more)).toMatchObject([{ ok: true }, { ok: true }, { value: { sequence: 4 } }]);
  });

  it('puts callers woken by one commit together in the next', async () => {
    const { store, next } = heldStore();
    const queue = queueOn(store);
    const writer = async (id: string) => {
      await queue.submit(take(`${id}-1`), ada);
      await queue.submit(take(`${id}-2`), ada);
    };
    const writers = Array.from({ length: 16 }, (_, n) => writer(`w${n}`));
    for (const size of [16, 16]) {
      const commit = await next();
      expect(commit.entries).toHaveLength(size);
      await commit.release();
    }
    await Promise.all(writers);
  });

  it('answers a refusal, or nothing to do, only once what it rests on is durable', async () => {
    const { store, next } = heldStore();
    const queue = queueOn(store);
    expect(await queue.submit({ type: 'strike', id: 'n1' }, ada)).toMatchObject({ refusal: { code: 'no-such-note' } });
    expect(await queue.submit({ type: 'nothing' }, ada)).toMatchObject({
      ok: true,
      value: { sequence: 0, events: [] },
    });
    const taken = queue.submit(take('n1'), ada);
    const commit = await next();
    const settled: string[] = [];
    const struck = queue.submit({ type: 'strike', id: 'other' }, ada).finally(() => settled.push('struck'));
    const nothing = queue.submit({ type: 'nothing' }, ada).finally(() => settled.push('nothing'));
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toEqual([]);
    await commit.release();
    // They wrote nothing, but waited their turn.
    await (await next()).release();
    expect(await struck).toMatchObject({ refusal: { code: 'no-such-note' } });
    expect(await nothing).toMatchObject({ ok: true, value: { sequence: 1 } });
    expect(await taken).toMatchObject({ ok: true });
  });

  it('returns to the durable head when a commit fails, and refuses all who built on it as retryable', async () => {
    const { store, next } = heldStore();
    const queue = queueOn(store);
    const kept = queue.submit(take('kept'), ada);
    await (await next()).release();
    await kept;
    const lost = queue.submit(take('lost'), ada);
    const commit = await next();
    const built = [
      queue.submit({ type: 'strike', id: 'lost' }, ada),
      queue.submit({ type: 'strike', id: 'never' }, ada),
    ];
    await commit.release(diskFull);
    const full = { ok: false, refusal: { code: 'journal-unavailable', message: diskFull.message, retryable: true } };
    expect(await Promise.all([lost, ...built])).toMatchObject([full, full, full]);
    expect(queue.durable.head.sequence).toBe(1);
    expect(await queue.submit({ type: 'strike', id: 'lost' }, ada)).toMatchObject({
      refusal: { code: 'no-such-note' },
    });
    const again = queue.submit(take('again'), ada);
    await (await next()).release();
    expect(await again).toMatchObject({ ok: true, value: { sequence: 2 } });
    expect((await verifyStore(store)).entries).toBe(2);
  });

  it('goes read-only when the store has more than was acknowledged', async () => {
    const { store, next } = heldStore();
    const queue = queueOn(store);
    const doubtful = queue.submit(take('n1'), ada);
    const commit = await next();
    await memoryAppend(store, commit.entries);
    await commit.release(new Error('the flush failed'));
    expect(await doubtful).toMatchObject({
      refusal: { code: 'journal-unavailable', message: expect.stringContaining('flush') },
    });
    await queue.settled();
    expect(await queue.submit(take('n2'), ada)).toMatchObject({
      refusal: { code: 'journal-diverged', retryable: false },
    });
  });

  it('stops a broken invariant before it is written', async () => {
    const store = memoryStore();
    const queue = queueOn(store);
    expect(await queue.submit({ type: 'misdeclared' }, ada)).toMatchObject({ refusal: { code: 'event-invalid' } });
    expect(await queue.submit({ type: 'throw' }, ada)).toMatchObject({ refusal: { code: 'invariant-broken' } });
    expect(await queue.submit(take('n1'), ada)).toMatchObject({ ok: true, value: { sequence: 1 } });
  });

  it('refuses a decision about a thing that changed since, and says what changed', async () => {
    const queue = queueOn(memoryStore());
    const submit = (command: Parameters<typeof queue.submit>[0], version: number) =>
      queue.submit(command, { ...ada, expected: { thing: 'n1', version } });
    await queue.submit(take('n1'), ada);
    await queue.submit(take('other'), ada);
    expect(await submit(take('n1'), 1)).toMatchObject({ ok: true, value: { sequence: 3 } });
    expect(await submit({ type: 'strike', id: 'n1' }, 1)).toMatchObject({
      refusal: {
        code: 'changed-since-you-looked',
        where: 'n1',
        message: 'n1 changed since you looked: NoteTaken by person:ada at 2024-08-03T00:00:00.002Z.',
        expected: 'version 1',
        kept: expect.stringContaining('version 3'),
      },
    });
    await queue.submit({ type: 'strike', id: 'n1' }, ada);
    expect(await submit(take('n1'), 3)).toMatchObject({ refusal: { message: 'n1 is no longer there.' } });
  });

  it('tells listeners what became durable, in order, before the callers; one that throws harms nobody', async () => {
    const queue = queueOn(memoryStore());
    const heard: string[] = [];
    queue.onDurable(() => {
      throw new Error('a view that fails');
    });
    const stop = queue.onDurable(({ events, state, before }) => {
      for (const event of events)
        heard.push(`${event.sequence} of ${tableSize(before.notes)} to ${tableSize(state.notes)}`);
    });
    await queue.submit(take('n1'), ada).then(() => heard.push('answered'));
    stop();
    await queue.submit(take('n2'), ada);
    expect(heard).toEqual(['1 of 0 to 1', 'answered']);
  });

  it('refuses at once when too many wait', async () => {
    const { store, next } = heldStore();
    const queue = queueOn(store);
    const answers = Array.from({ length: 10_001 }, (_, n) => queue.submit(take(`n${n}`), ada));
    expect(await answers.at(-1)).toMatchObject({ refusal: { code: 'journal-busy', retryable: true } });
    await (await next()).release();
    expect((await Promise.all(answers)).filter((answer) => answer.ok)).toHaveLength(10_000);
    const again = queue.submit(take('again'), ada);
    await (await next()).release();
    expect(await again).toMatchObject({ ok: true });
  });

  it('refuses at once when what waits is too much to hold', async () => {
    const { store, next } = heldStore();
    const queue = queueOn(store);
    const large = { ...take('large'), ward: 'x'.repeat(900_000) };
    const answers = Array.from({ length: 160 }, () => queue.submit(large, ada));
    expect(await answers.at(-1)).toMatchObject({ refusal: { code: 'journal-busy' } });
    await (await next()).release();
    expect((await Promise.all(answers)).filter((answer) => answer.ok).length).toBeGreaterThan(140);
  });

  it('takes no more once closed, and finishes what it took', async () => {
    const queue = queueOn(memoryStore());
    const taken = queue.submit(take('n1'), ada);
    const closed = queue.close();
    expect(await queue.submit(take('n2'), ada)).toMatchObject({ refusal: { code: 'journal-closed' } });
    expect(await taken).toMatchObject({ ok: true });
    await closed;
  });

  it('has one total order: whatever the interleaving and the failures, the journal is a chain of what was acknowledged', async () => {
    const plan = fc.array(fc.record({ submit: fc.integer({ min: 0, max: 6 }), fail: fc.boolean() }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(plan, async (rounds) => {
        const { store, next } = heldStore();
        const queue = queueOn(store);
        const seen: RecordedEvent[] = [];
        queue.onDurable(({ events }) => seen.push(...events));
        const acknowledged: number[] = [];
        let waiting = 0;
        for (const { submit, fail } of rounds) {
          for (let n = 0; n < submit; n++) {
            waiting++;
            void queue.submit(take(`n${n}`), ada).then((answer) => {
              waiting--;
              if (answer.ok) acknowledged.push(answer.value.sequence);
            });
          }
          if (waiting > 0) await (await next()).release(fail ? diskFull : undefined);
          await new Promise((resolve) => setImmediate(resolve));
        }
        while (waiting > 0) {
          await (await next()).release();
          await new Promise((resolve) => setImmediate(resolve));
        }
        await queue.settled();
        const entries = await store.read(0, 1_000);
        expect((await verifyStore(store)).ok).toBe(true);
        expect(acknowledged).toEqual(entries.map((entry) => entry.sequence));
        expect(seen.map((event) => event.sequence)).toEqual(acknowledged);
        expect(queue.durable.head.sequence).toBe(entries.length);
      }),
      { numRuns: 60 },
    );
  });
});

/** What a commit leaves whose failure was only in the reporting. */
async function memoryAppend(store: JournalStore, entries: readonly Envelope[]): Promise<void> {
  const last = entries.at(-1);
  if (last !== undefined) store.head = async () => ({ epoch: last.epoch, sequence: last.sequence, hash: last.hash });
}
