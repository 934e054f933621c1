import { createContext, useContext } from 'react';
import type { EditedSection } from './fields/draft.ts';

export interface ThingTarget {
  section: EditedSection;
  /** Absent: a new one. */
  id?: string;
  /** Links to begin with, as one who draws them does. */
  needs?: readonly string[];
  /** Of a new component. */
  kind?: string;
  /** Of a new ward, or component. */
  site?: string;
  /** Where one begins to write. */
  at?: 'needs';
}

/** What a form is opened on: a thing, the vital order, or anything to be found by its name. */
export type EditTarget = ThingTarget | 'order' | 'find';

/** The last change this person made here: it is undone, and done again, in one press. */
export interface Last {
  sequence: number;
  name: string;
  was: 'saved' | 'removed' | 'undone';
}

interface Editing {
  mayEdit: boolean;
  edit(target: EditTarget): void;
  done(last: Last): void;
}

export const EditingContext = createContext<Editing>({ mayEdit: false, edit: () => {}, done: () => {} });

/** Whoever shows something of the map may open its form; without the right to, `mayEdit` is false. */
export const useEditing = (): Editing => useContext(EditingContext);
