import { accessRefusals } from './account.ts';
import { backupRefusals } from './backupRefusals.ts';
import { commandRefusals } from './commandRefusals.ts';
import { importRefusals } from './importRefusals.ts';
import { keyRefusals } from './keyRefusals.ts';
import { mapRefusals } from './mapRefusals.ts';
import { refusals } from './refusals.ts';
import { restore } from './restore.ts';
import { transportRefusals } from './transportRefusals.ts';

type Told = { what: string; cure?: string };

/** What Reflexe may refuse, by its code: of two sentences, the command line's own. */
export const allRefusals: ReadonlyMap<string, Told> = new Map<string, Told>([
  ...Object.entries(restore.failures).map(([code, what]): [string, Told] => [code, { what }]),
  ...Object.entries({
    ...accessRefusals,
    ...backupRefusals,
    ...mapRefusals,
    ...refusals,
    ...importRefusals,
    ...keyRefusals,
    ...transportRefusals,
    ...commandRefusals,
  }),
]);
