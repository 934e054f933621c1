import { accessRefusals, account, signIn } from './en/account.ts';
import { activate, log } from './en/activate.ts';
import { acts, approvals, rights } from './en/acts.ts';
import { backupRefusals } from './en/backupRefusals.ts';
import { backups } from './en/backups.ts';
import { board } from './en/board.ts';
import { care } from './en/care.ts';
import { map } from './en/map.ts';
import { mapChanges, mapImport } from './en/mapChanges.ts';
import { mapEdit } from './en/mapEdit.ts';
import { mapGraph } from './en/mapGraph.ts';
import { mapRefusals } from './en/mapRefusals.ts';
import { mapReturns } from './en/mapReturns.ts';
import { mapWeak } from './en/mapWeak.ts';
import { mapWhatIf } from './en/mapWhatIf.ts';
import { audit, people } from './en/people.ts';
import { prepare } from './en/prepare.ts';
import { refusals } from './en/refusals.ts';
import { restore } from './en/restore.ts';
import { access, parts, settings, shell } from './en/shell.ts';
import { start } from './en/start.ts';
import { suppliers } from './en/suppliers.ts';
import { waysIn } from './en/waysIn.ts';
import type { Catalogue } from './fr.ts';

export const en: Catalogue = {
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
};
