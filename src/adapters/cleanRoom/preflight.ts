import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { cleanRoom } from './cleanRoom.ts';

export interface Preflight {
  ok: boolean;
  findings: { what: string; state: 'ok' | 'missing' | 'low'; observed: string; cure: string | null }[];
}

/** Programs a recovery uses, where Debian puts them, and the package that brings each. */
const programs: readonly { what: string; places: readonly string[]; package: string }[] = [
  { what: 'restic', places: ['/usr/bin/restic', '/usr/local/bin/restic'], package: 'restic' },
  { what: 'bubblewrap', places: ['/usr/bin/bwrap'], package: 'bubblewrap' },
  { what: 'nftables', places: ['/usr/sbin/nft', '/sbin/nft'], package: 'nftables' },
  { what: 'iproute2', places: ['/usr/sbin/ip', '/sbin/ip', '/bin/ip'], package: 'iproute2' },
  { what: 'PostgreSQL 15', places: ['/usr/lib/postgresql/15/bin/postgres'], package: 'postgresql-15' },
  { what: 'Orthanc', places: ['/usr/sbin/Orthanc'], package: 'orthanc orthanc-dicomweb' },
];

/** Below this, a small hospital's databases do not fit twice (staging and data). */
const FREE_BYTES = 20_000_000_000;

/** What this machine has, and lacks, of what a restoration in the clean room needs. Changes nothing. */
export async function preflight(helperSocket: string, folder: string): Promise<Preflight> {
  const findings: Preflight['findings'] = [
    process.platform === 'linux'
      ? { what: 'Linux', state: 'ok', observed: process.arch, cure: null }
      : {
          what: 'Linux',
          state: 'missing',
          observed: process.platform,
          cure: 'The clean room is made of Linux namespaces: use a Linux machine.',
        },
    ...programs.map(({ what, places, package: name }): Preflight['findings'][number] => {
      const found = places.find((place) => existsSync(place));
      return found === undefined
        ? { what, state: 'missing', observed: '—', cure: `apt-get install ${name}` }
        : { what, state: 'ok', observed: found, cure: null };
    }),
    await helper(helperSocket),
    await space(folder),
  ];
  return { ok: findings.every(({ state }) => state !== 'missing'), findings };
}

async function helper(socket: string): Promise<Preflight['findings'][number]> {
  const room = cleanRoom({ socket });
  try {
    const status = await room.status();
    return status.ok
      ? { what: 'helper', state: 'ok', observed: `${socket} · ${status.value.programs.join(', ')}`, cure: null }
      : { what: 'helper', state: 'missing', observed: status.refusal.code, cure: status.refusal.cure ?? null };
  } finally {
    await room.disconnect();
  }
}

async function space(folder: string): Promise<Preflight['findings'][number]> {
  const { bavail, bsize } = await statfs(resolve(folder));
  const free = bavail * bsize;
  const observed = `${Math.round(free / 1e9)} GB`;
  const what = `space · ${resolve(folder)}`;
  return free >= FREE_BYTES
    ? { what, state: 'ok', observed, cure: null }
    : { what, state: 'low', observed, cure: `${FREE_BYTES / 1e9} GB` };
}
