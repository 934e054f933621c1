import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What an earlier life of the cluster said of recovery and of archiving: two targets at once and PostgreSQL does not start. */
const EARLIER = /^\s*(recovery_\w+|restore_command|archive_\w+|primary_\w+|promote_trigger_file|hot_standby)\b/;

/**
 * Makes a restored cluster replay its own `pg_wal` when it is started, up to a moment (milliseconds since 1970) or, with null, until
 * it is whole, and then open for writing. It never archives again: that command would write into the hospital's archive.
 */
export async function writeRecovery(cluster: string, moment: number | null): Promise<void> {
  const file = join(cluster, 'postgresql.auto.conf');
  const before = await readFile(file, 'utf8').catch(() => '');
  const kept = before.split('\n').filter((line) => !EARLIER.test(line) && line !== '');
  const target = moment === null ? "recovery_target = 'immediate'" : `recovery_target_time = '${utc(moment)}'`;
  const lines = [
    ...kept,
    // All that is needed stands in pg_wal: PostgreSQL looks there when this command finds nothing.
    "restore_command = 'exit 1'",
    target,
    "recovery_target_action = 'promote'",
    "recovery_target_timeline = 'current'",
    "archive_mode = 'off'",
    // Nobody is answered before it is at the moment asked for.
    "hot_standby = 'off'",
  ];
  await rm(join(cluster, 'standby.signal'), { force: true });
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  await appendFile(join(cluster, 'recovery.signal'), '');
}

const utc = (moment: number): string => `${new Date(moment).toISOString().replace('T', ' ').replace('Z', '')}+00`;

/** `id@moment` parted: the snapshot, and the moment in milliseconds since 1970 (null for the night itself). Undefined where the moment is none. */
export function momentIn(snapshot: string): { id: string; moment: number | null } | undefined {
  const at = snapshot.lastIndexOf('@');
  if (at === -1) return { id: snapshot, moment: null };
  const text = snapshot.slice(at + 1);
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(moment) ? undefined : { id: snapshot.slice(0, at), moment };
}
