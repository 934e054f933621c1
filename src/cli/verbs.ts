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
  'access first-link': () => import('./accessFirstLink.ts'),
  'keys status': () => import('./keysStatus.ts'),
  'keys add': () => import('./keysAdd.ts'),
  'keys remove': () => import('./keysRemove.ts'),
  'keys rotate': () => import('./keysRotate.ts'),
  'keys unlock': () => import('./keysUnlock.ts'),
  'keys shares': () => import('./keysShares.ts'),
  'secret set': () => import('./secretSet.ts'),
  'secret list': () => import('./secretList.ts'),
  'secret remove': () => import('./secretRemove.ts'),
  'map check': () => import('./mapCheck.ts'),
  'map impact': () => import('./mapImpact.ts'),
  'map weak-points': () => import('./mapWeakPoints.ts'),
  'map returns': () => import('./mapReturns.ts'),
  'map import': () => import('./mapImport.ts'),
  'map export': () => import('./mapExport.ts'),
  'restore snapshots': () => import('./restoreSnapshots.ts'),
  'restore ls': () => import('./restoreLs.ts'),
  'restore verify': () => import('./restoreVerify.ts'),
  'restore extract': () => import('./restoreExtract.ts'),
  'restore clean-point': () => import('./restoreCleanPoint.ts'),
  'restore prove': () => import('./restoreProve.ts'),
  'restore preflight': () => import('./restorePreflight.ts'),
  'plan check': () => import('./planCheck.ts'),
  'detect try': () => import('./detectTry.ts'),
  'detect power': () => import('./detectPower.ts'),
  bundle: () => import('./bundle.ts'),
  update: () => import('./update.ts'),
  drill: () => import('./drill.ts'),
  'certificates show': () => import('./certificatesShow.ts'),
  'certificates issue': () => import('./certificatesIssue.ts'),
  'certificates renew': () => import('./certificatesRenew.ts'),
  'certificates revoke': () => import('./certificatesRevoke.ts'),
};
