import { eventsOf } from '../../../journal/codec.ts';
import { notebook, notebookEvents } from '../../../journal/notebook.ts';
import { openJournal } from '../../../journal/open.ts';
import { tableGet } from '../../../journal/table.ts';
import { sqliteEngine } from '../engine.ts';

/** The journal `writer.ts` writes, opened with the real engine. */
export const openWritten = (folder: string) =>
  openJournal({
    engine: sqliteEngine(folder),
    establishment: 'hospital-a',
    events: eventsOf(notebookEvents),
    world: notebook,
    foldKey: 'fold-1',
    clock: () => Date.now(),
  });

/**
 * Reopens what a cut or a kill left: everything acknowledged (sequence → note) must be there and readable, the seal whole,
 * and writing must go on. Returns the first thing that is not so.
 */
export async function examine(folder: string, acknowledged: ReadonlyMap<number, string>): Promise<string | undefined> {
  const opened = await openWritten(folder);
  if (!opened.ok) return `${opened.refusal.code}: ${opened.refusal.message}`;
  const { queue, store, verify, close } = opened.value;
  try {
    const { state, head } = queue.durable;
    for (const [sequence, id] of acknowledged) {
      if (sequence > head.sequence)
        return `acknowledged entry ${sequence} is lost: the journal ends at ${head.sequence}`;
      const note = tableGet(state.notes, id);
      if (note?.version !== sequence) return `entry ${sequence} is not ${id}`;
      if (note.text === null) return `entry ${sequence} cannot be read: its key is lost`;
    }
    const verdict = await verify();
    if (!verdict.ok || verdict.entries !== head.sequence)
      return `the seal is broken: ${JSON.stringify(verdict.firstBad)}`;
    if (state.taken !== head.sequence) return `the state is not the fold of ${head.sequence} entries`;
    const more = await queue.submit({ type: 'take', ward: 'après' }, { actor: 'person:after' });
    if (!more.ok || (await store.head()).sequence !== head.sequence + 1) return 'it cannot be continued';
    return undefined;
  } finally {
    await close();
  }
}

/** Adds what a writer said to what it acknowledged. */
export function hear(said: string, acknowledged: Map<number, string>): void {
  for (const line of said.split('\n')) {
    const [word, sequence, id] = line.split(' ');
    // A line the kill cut short was not said.
    if (word === 'ack' && id !== undefined && /^\d+-\d+-\d+$/.test(id)) acknowledged.set(Number(sequence), id);
  }
}
