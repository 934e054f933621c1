import { readFileSync } from 'node:fs';
import { accept, type Result, refuse } from '../../journal/result.ts';

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** The unprivileged user a program runs as. Root is refused whatever its name. */
export function findAccount(user: string | number): Result<Account> {
  const refused = (because: string) =>
    refuse('program-user-unknown', `The program's user ${user} cannot be used: ${because}.`, {
      where: String(user),
      expected: 'an unprivileged user of this machine',
      kept: 'nothing was started',
      cure: 'install the package that creates this user, or name another in the programs file',
    });
  if (typeof user === 'number') {
    return user === 0 ? refused('it is root') : accept({ name: 'member', uid: user, gid: user });
  }
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) return refused('this machine has no such user');
  if (Number(uid) === 0 || Number(gid) === 0) return refused('it is root');
  return accept({ name: user, uid: Number(uid), gid: Number(gid) });
}
