import { describe, expect, it } from 'vitest';
import { besideContract } from './besideContract.ts';
import { eventsOf } from './codec.ts';
import { journalStoreContract } from './contract.ts';
import { memoryEngine, memoryKeyStore, memorySnapshots, memoryStore } from './memory.ts';
import { notebook, notebookEvents } from './notebook.ts';
import { openJournal } from './open.ts';
import { accept } from './result.ts';
import { tableGet } from './table.ts';

journalStoreContract('memory', async () => ({ store: memoryStore(), reopen: undefined, remove: async () => {} }));

besideContract('memory', async () => ({
  keys: memoryKeyStore(),
  snapshots: memorySnapshots(),
  reopen: undefined,
  remove: async () => {},
}));

describe('a journal in memory', () => {
  it('opens, answers and closes as one in a folder does, and forgets', async () => {
    const engine = memoryEngine();
    const opened = await openJournal({
      engine: async () => accept(engine),
      establishment: 'exercise',
      events: eventsOf(notebookEvents),
      world: notebook,
      foldKey: 'fold',
      clock: () => 0,
    });
    if (!opened.ok) throw new Error(opened.refusal.message);
    const { queue, verify, erase, close } = opened.value;
    await queue.submit(
      { type: 'take', ward: 'bloc', id: 'n1', text: 'secret', author: 'ada' },
      { actor: 'person:ada' },
    );
    expect(tableGet(queue.durable.state.notes, 'n1')?.text).toBe('secret');
    expect(await erase('person:ada')).toMatchObject({ ok: true });
    expect(tableGet(queue.durable.state.notes, 'n1')?.text).toBeNull();
    expect(await verify()).toMatchObject({ ok: true, entries: 1 });
    await close();
    expect(await engine.snapshots.latest('fold')).toMatchObject({ sequence: 1 });
    expect(await engine.store.checkpoints(0, 10)).toHaveLength(1);
  });
});
