import { chownSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Who the services run as, and how a file becomes theirs. */
export interface Account {
  /** Absent where we are not root: services then run as ourselves. */
  ids?: { uid: number; gid: number };
  give(path: string): void;
}

/** PostgreSQL refuses to run as root, and nothing else in the lab needs to: as root we use an unprivileged account. */
export function serviceAccount(folder: string): Account {
  if (process.getuid?.() !== 0) return { give: () => {} };
  const ids = accountNamed('postgres') ?? accountNamed('nobody');
  if (!ids) throw new Error('no account `postgres` or `nobody` on this machine: the services must not run as root');
  for (let path = dirname(folder); ; path = dirname(path)) {
    const { mode, uid } = statSync(path);
    if ((mode & 0o001) === 0 && uid !== ids.uid) {
      throw new Error(
        `${folder}: the services' account cannot pass through ${path}. Choose a folder everyone may reach, such as /tmp/….`,
      );
    }
    if (path === '/') break;
  }
  return { ids, give: (path) => chownSync(path, ids.uid, ids.gid) };
}

function accountNamed(name: string): { uid: number; gid: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}
