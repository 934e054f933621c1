import type { Command } from 'commander';
import type { Lock, Repository } from '../adapters/restic/repository/repository.ts';
import { TreeSizes } from '../adapters/restic/repository/sizes.ts';
import { listed } from '../adapters/restic/snapshots.ts';
import { accept, type Result } from '../journal/result.ts';
import type { BackupSnapshot } from '../restore/ports.ts';
import { answer, progress } from './answer.ts';
import type { Language } from './language.ts';
import { inRepository, type RepositoryOptions, withRepository } from './resticOptions.ts';
import { filesShown, momentShown } from './shown.ts';
import { verb } from './verb.ts';

interface Nights {
  snapshots: BackupSnapshot[];
  /** Who says to be writing now; reading goes on beside them. */
  locks: Lock[];
}

export function register(program: Command): void {
  withRepository(
    verb(program, 'restore snapshots', 'restore snapshots --restic /srv/backups/ehr --password-file password.txt'),
  ).action(async (options: RepositoryOptions, command: Command) => answer(command, await snapshots(options), rendered));
}

const snapshots = (options: RepositoryOptions): Promise<Result<Nights>> =>
  inRepository(options, async (repository) => {
    const locks = await repository.locks();
    for (const lock of locks) progress(told(lock));
    return accept({ snapshots: await sized(repository), locks });
  });

async function sized(repository: Repository): Promise<BackupSnapshot[]> {
  const nights = await listed(repository);
  const trees = new Map((await repository.snapshots()).whole.map(({ id, tree }) => [id, tree]));
  const sizes = new TreeSizes(repository);
  const known: BackupSnapshot[] = [];
  for (const [index, night] of nights.entries()) {
    progress({ fr: `nuit ${index + 1} sur ${nights.length}`, en: `night ${index + 1} of ${nights.length}` });
    const tree = trees.get(night.id);
    const { files, bytes, unread } =
      tree === undefined ? { files: null, bytes: null, unread: 0 } : await sizes.of(tree);
    // A folder that cannot be read hides how much it holds: no size is told, and the night is damaged.
    known.push(unread > 0 ? { ...night, damaged: true } : { ...night, files, bytes });
  }
  return known;
}

const told = ({ host, pid, time, exclusive }: Lock) => ({
  fr: `dépôt verrouillé${exclusive ? ' pour un seul' : ''} par ${host} (processus ${pid}) depuis ${time} ; la lecture continue`,
  en: `repository locked${exclusive ? ' exclusively' : ''} by ${host} (process ${pid}) since ${time}; reading goes on`,
});

function rendered({ snapshots: nights }: Nights, inLanguage: Language): string {
  if (nights.length === 0)
    return { fr: 'Aucune sauvegarde dans ce dépôt.', en: 'No snapshot in this repository.' }[inLanguage];
  const unknown = { fr: 'taille inconnue', en: 'size unknown' }[inLanguage];
  const broken = { fr: 'abîmée', en: 'damaged' }[inLanguage];
  return nights
    .map(({ id, time, host, files, bytes, damaged }) => {
      const size = files === null || bytes === null ? unknown : filesShown(files, bytes, inLanguage);
      return `${id.slice(0, 8)}  ${momentShown(time)}  ${host}  ${damaged ? `${broken}, ` : ''}${size}`;
    })
    .join('\n');
}
