/** Something a map says that cannot be, or that a person should look at. */
export interface MapProblem {
  code: MapProblemCode;
  /** An error refuses the map; a warning is said, and the map is used. */
  severity: 'error' | 'warning';
  /** Where in the document: `['careFunctions', 3, 'needs', 'all', 1, 'need']`. */
  path: readonly (string | number)[];
  message: string;
  /** What is named and is not on the map, where that is the problem. */
  reference?: string;
}
export type MapProblemCode =
  | 'duplicate-id'
  | 'unknown-reference'
  | 'unknown-ward'
  | 'unknown-site'
  | 'unknown-supplier'
  | 'unknown-team'
  | 'needs-itself'
  | 'relies-on-itself'
  | 'member-twice'
  | 'in-two-groups'
  | 'until-before-from'
  | 'impossible-date'
  | 'care-at-supplier'
  | 'part-of-itself'
  | 'at-least-too-many'
  | 'same-need-twice'
  | 'unknown-time-zone'
  | 'impossible-hour'
  | 'rto-beyond-mtpd'
  | 'nothing-holds';
