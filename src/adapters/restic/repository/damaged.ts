/** A part of a repository that cannot be relied on; what does not rest on it is still read. */
export class Damaged extends Error {
  /** `pack 1959b7f2…`, `blob …`, `index …`. */
  readonly what: string;
  readonly why: string;

  constructor(what: string, why: string) {
    super(`${what}: ${why}`);
    this.name = 'Damaged';
    this.what = what;
    this.why = why;
  }
}

/** Gone, or never there: another process may just have removed it. */
export class Missing extends Damaged {
  constructor(what: string) {
    super(what, 'is missing');
  }
}
