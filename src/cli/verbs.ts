import type { Command } from 'commander';
import type { Text } from './language.ts';

export interface Verb {
  /** The words after `reflexe`. */
  path: string;
  summary: Text;
  /** The verb's own file, loaded only when its first word is on the command line. */
  load(): Promise<{ register(program: Command): void }>;
}

/** Every verb there is: one line and one file each. */
export const verbs: readonly Verb[] = [];
