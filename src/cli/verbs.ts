import type { Command } from 'commander';
import type { VerbPath } from './summaries.ts';

interface VerbFile {
  register(program: Command): void;
}

/** Each verb's own file, loaded only when its first word is on the command line. */
export const verbs: { readonly [path in VerbPath]: () => Promise<VerbFile> } = {
  start: () => import('./start.ts'),
  'journal verify': () => import('./journalVerify.ts'),
  'journal code': () => import('./journalCode.ts'),
  'journal export': () => import('./journalExport.ts'),
  'journal checkpoint': () => import('./journalCheckpoint.ts'),
  'journal countersign': () => import('./journalCountersign.ts'),
  'map check': () => import('./mapCheck.ts'),
  'map impact': () => import('./mapImpact.ts'),
  'restore snapshots': () => import('./restoreSnapshots.ts'),
  'restore extract': () => import('./restoreExtract.ts'),
  'restore preflight': () => import('./restorePreflight.ts'),
  'plan check': () => import('./planCheck.ts'),
  'detect try': () => import('./detectTry.ts'),
  'detect power': () => import('./detectPower.ts'),
  drill: () => import('./drill.ts'),
};
