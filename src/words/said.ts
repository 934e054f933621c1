/** What a sentence of the crisis log may speak of: the line's own words, already in the reader's language. */
export interface Said {
  /** The word as it was written: a code, a level, an outcome. */
  word(key: string): string;
  count(key: string): number;
  /** Name of the care function, ward, component or plan the word refers to. */
  name(key: string): string;
  /** Title of the plan's step. */
  step(): string;
  /** `15 h 05`, with its day where it is another. */
  moment(key: string): string;
  /** `jusqu’à 15 h 05`. */
  until(key: string): string;
  long(key: string): string;
}
