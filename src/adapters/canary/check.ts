import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { checkKind } from '../../detect/checks.ts';
import type { CheckCode } from '../../detect/codes.ts';
import { type Condition, holds, judge, unanswered } from '../../detect/conditions.ts';
import type { Finding } from '../../detect/observation.ts';
import type { CheckEdge } from '../../detect/ports.ts';
import { unable } from '../http/access.ts';
import { type CanaryLook, lookAtCanaries } from './look.ts';
import { CanaryFiles, readRecord } from './record.ts';

/**
 * Files nobody has a reason to change, in a folder that is to be watched: changed, gone or renamed, something is
 * destroying data there. The service may still answer: at worst it is said to be degraded, and the sign raises the alarm.
 */
export const canaryCheck = checkKind({
  kind: 'canary',
  worst: 'degraded',
  evidence: 'canary',
  // A digest does not flap: one look is enough.
  defaults: { flap: { downAfter: 1, upAfter: 1 } },
  settings: {
    folder: z.string().min(1),
    /** File with the digests taken at planting; or the digests themselves under `files`. */
    record: z.string().min(1).optional(),
    files: CanaryFiles.optional(),
  },
  agree: ({ record, files }) =>
    (record === undefined) === (files === undefined)
      ? [{ field: 'files', message: 'expected either files with their digests, or a record' }]
      : [],
  ask({ folder, record, files }, edge: CheckEdge) {
    const placed = (path: string) => (isAbsolute(path) ? path : join(edge.folder, path));
    return async (signal) => {
      if (files !== undefined) return judged(await lookAtCanaries(placed(folder), files, signal));
      const read = await readRecord(placed(record ?? ''));
      return read.ok ? judged(await lookAtCanaries(placed(folder), read.value.files, signal)) : unable(read);
    };
  },
});

function judged(look: CanaryLook): Finding {
  const { altered, missing, siblings, unreadable } = look;
  const entropy = Math.max(0, ...altered.map((one) => one.entropyBits));
  const measured = {
    files: look.files,
    altered: altered.length,
    missing: missing.length,
    siblings: siblings.length,
    ...(altered.length > 0 ? { entropyBitsMax: Math.round(entropy * 100) / 100 } : {}),
    ...(look.namesCut ? { namesCut: true } : {}),
  };
  // A folder that is not there at all may be a disk not mounted: that is a loss, not yet a sign of an attack.
  if (look.folder === 'absent') return unanswered('fail', 'canary-folder-absent', '', measured);
  if (look.folder === 'unreadable') return unanswered('noAnswer', 'canary-folder-unreadable', '', measured);
  const sign =
    altered.length > 0 ? 'canaryAltered' : missing.length > 0 || siblings.length > 0 ? 'canaryMissing' : undefined;
  if (sign === undefined && unreadable.length > 0) {
    return unanswered('noAnswer', 'canary-unreadable', unreadable.map(({ error }) => error).join(', '), measured);
  }
  const named = (names: readonly string[]): string =>
    names.slice(0, 5).join(', ') + (names.length > 5 ? `, and ${names.length - 5} more` : '');
  const none = (condition: string, names: readonly string[], code: CheckCode): Condition =>
    holds(condition, 'none', named(names), names.length === 0, code);
  const told = altered.map((one) => `${one.name} (${one.entropyBits.toFixed(2)} bits a byte)`);
  const conditions = [
    none('altered', told, 'canary-altered'),
    none('missing', missing, 'canary-missing'),
    none('siblings', siblings, 'canary-renamed'),
  ];
  return judge(measured, { expect: conditions }, sign);
}
