import { accessRefusals, account, signIn } from './fr/account.ts';
import { activate, log } from './fr/activate.ts';
import { acts, approvals, rights } from './fr/acts.ts';
import { backupRefusals } from './fr/backupRefusals.ts';
import { backups } from './fr/backups.ts';
import { board } from './fr/board.ts';
import { care } from './fr/care.ts';
import { map } from './fr/map.ts';
import { mapChanges, mapImport } from './fr/mapChanges.ts';
import { mapEdit } from './fr/mapEdit.ts';
import { mapGraph } from './fr/mapGraph.ts';
import { mapRefusals } from './fr/mapRefusals.ts';
import { mapReturns } from './fr/mapReturns.ts';
import { mapWeak } from './fr/mapWeak.ts';
import { mapWhatIf } from './fr/mapWhatIf.ts';
import { audit, people } from './fr/people.ts';
import { prepare } from './fr/prepare.ts';
import { refusals } from './fr/refusals.ts';
import { restore } from './fr/restore.ts';
import { access, parts, settings, shell } from './fr/shell.ts';
import { start } from './fr/start.ts';
import { suppliers } from './fr/suppliers.ts';
import { waysIn } from './fr/waysIn.ts';
import { typeset } from './typography.ts';

/** Every text of the interface. French is the model: another language has the same keys, or does not compile. */
export const fr = typeset({
  access,
  accessRefusals,
  account,
  acts,
  approvals,
  audit,
  activate,
  backupRefusals,
  backups,
  board,
  care,
  log,
  map,
  mapChanges,
  mapImport,
  mapRefusals,
  mapEdit,
  mapGraph,
  mapWeak,
  mapWhatIf,
  mapReturns,
  parts,
  people,
  prepare,
  refusals,
  restore,
  rights,
  settings,
  shell,
  signIn,
  start,
  suppliers,
  waysIn,
});
export type Catalogue = typeof fr;
