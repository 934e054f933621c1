import { z } from 'zod';
import { defineEvent, type EventIn, type Json, type NewEvent, type RecordedEvent } from './event.ts';
import type { World } from './queue.ts';
import { accept, type Result, refuse } from './result.ts';
import { documentHash } from './seal.ts';
import { emptyTable, type Table, tableDelete, tableGet, tableSet } from './table.ts';

/** A world just large enough to try the journal on: tests, benchmarks and the kept journals of older releases use it. */
export const NoteTaken = defineEvent(
  'NoteTaken',
  2,
  z.object({ id: z.string(), ward: z.string(), minutes: z.number() }),
  [
    // Version 1 did not say how long the ward held.
    (data) => ({ ...(typeof data === 'object' ? data : {}), minutes: 0 }),
  ],
);
export const NoteStruck = defineEvent('NoteStruck', 1, z.object({ id: z.string() }));
export const WardsListed = defineEvent('WardsListed', 1, z.object({ document: z.string() }));

export const notebookEvents = [NoteTaken, NoteStruck, WardsListed];

export interface Note {
  ward: string;
  minutes: number;
  /** Null once its key was erased. */
  text: string | null;
  /** The entry that last changed it. */
  version: number;
}

// Types, not interfaces: snapshots hold plain JSON.
export type Notebook = { notes: Table<Note>; taken: number; wards: string[] };

export type NotebookCommand =
  | { type: 'take'; ward: string; minutes?: number; text?: string; author?: string; id?: string }
  | { type: 'strike'; id: string }
  | { type: 'listWards'; wards: string[] }
  | { type: 'nothing' }
  | { type: 'misdeclared' }
  | { type: 'throw' };

type NotebookEvent = EventIn<[typeof NoteTaken, typeof NoteStruck, typeof WardsListed]>;

function evolve(state: Notebook, recorded: RecordedEvent): Notebook {
  // The codec checked its data against the schema of its type.
  const event = recorded as NotebookEvent;
  switch (event.type) {
    case 'NoteTaken': {
      const { id, ward, minutes } = event.data;
      const said = event.private?.text;
      const note = { ward, minutes, text: typeof said === 'string' ? said : null, version: event.sequence };
      return { ...state, notes: tableSet(state.notes, id, note), taken: state.taken + 1 };
    }
    case 'NoteStruck':
      return { ...state, notes: tableDelete(state.notes, event.data.id) };
    case 'WardsListed': {
      const wards = event.documents?.[event.data.document];
      return { ...state, wards: Array.isArray(wards) ? wards.map(String) : [] };
    }
    default:
      return state;
  }
}

function decide(
  state: Notebook,
  command: NotebookCommand,
  context: { newId(kind: string): string },
): Result<NewEvent[]> {
  switch (command.type) {
    case 'take': {
      const { ward, minutes = 0, text, author = 'someone', id = context.newId('note') } = command;
      const secret = text === undefined ? {} : { private: { subject: `person:${author}`, data: { text } } };
      return accept([NoteTaken.of({ id, ward, minutes }, secret)]);
    }
    case 'strike':
      if (tableGet(state.notes, command.id) === undefined)
        return refuse('no-such-note', `There is no note ${command.id}.`);
      return accept([NoteStruck.of({ id: command.id })]);
    case 'listWards': {
      const document = documentHash(command.wards);
      return accept([WardsListed.of({ document }, { documents: { [document]: command.wards satisfies Json } })]);
    }
    case 'nothing':
      return accept([]);
    case 'misdeclared':
      return accept([{ type: 'NoteTaken', data: { id: 7 } }]);
    case 'throw':
      throw new Error('a broken invariant');
  }
}

export const notebook: World<Notebook, NotebookCommand> = {
  initial: { notes: emptyTable(), taken: 0, wards: [] },
  evolve,
  decide,
  versionOf: (state, thing) => tableGet(state.notes, thing)?.version,
};
