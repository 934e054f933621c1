import { type Refusing, refuse } from '../../journal/result.ts';
import { NOT_INSTALLED, toolMissing } from '../tool/refusals.ts';
import type { ToolRun } from '../tool/run.ts';
import { complaintsIn } from './said.ts';

/** What borg's complaint means for the person who reads it (its `msgid`s: «Internals › Frontends › Message IDs» of its documentation). */
export function borgRefusal(where: string, ran: ToolRun): Refusing {
  if (ran.status === NOT_INSTALLED) return toolMissing('borg', 'borgbackup', where);
  const complaints = complaintsIn(ran.errors);
  const worst = complaints.find(({ msgid }) => msgid !== undefined) ?? complaints[0];
  const said = (worst?.message ?? `exit status ${ran.status}`).split('\n')[0]?.slice(0, 200) ?? '';
  switch (worst?.msgid) {
    case 'PassphraseWrong':
    case 'PasscommandFailure':
    case 'NoPassphraseFailure':
      return refuse('backup-wrong-password', 'The passphrase does not open this backup repository.', {
        where,
        expected: 'the passphrase of its key',
        kept: 'Nothing was read or changed.',
        cure: 'Check the secret this source names.',
      });
    case 'KeyfileNotFoundError':
    case 'KeyfileInvalidError':
    case 'KeyfileMismatchError':
    case 'RepoKeyNotFoundError':
      return refuse('backup-wrong-password', 'The key of this backup repository is not the one given, or is missing.', {
        where,
        expected: 'its key, in the repository or in the file `keyFile` names',
        kept: said,
        cure: 'Name the file written by `borg key export`, or the one of ~/.config/borg/keys of the machine that backs up.',
      });
    case 'Repository.DoesNotExist':
    case 'Repository.InvalidRepository':
    case 'Repository.PathPermissionDenied':
    case 'ConnectionClosed':
    case 'ConnectionClosedWithHint':
    case 'PathNotAllowed':
      return refuse('backup-unreachable', 'The backup repository cannot be opened.', {
        where,
        expected: 'a borg repository',
        kept: said,
        cure: 'Check its path and that its disk is mounted.',
        retryable: true,
      });
    case 'UnsupportedPayloadError':
    case 'MandatoryFeatureUnsupported':
    case 'RPCServerOutdated':
    case 'UnexpectedRPCDataFormatFromServer':
    case 'Repository.InvalidRepositoryConfig':
      return refuse('backup-tool-too-old', 'This borg does not understand this repository.', {
        where,
        expected: 'a borg as new as the one that writes it',
        kept: said,
        cure: 'Install here the same version of borg as on the machine that backs up.',
      });
    default:
      return refuse('backup-damaged', 'The backup repository could not be read whole.', {
        where,
        expected: 'every part of it as borg wrote it',
        kept: said,
        cure: 'Try an older archive, or another copy. To repair one, copy the repository first, then: borg check --repair on the copy.',
      });
  }
}
