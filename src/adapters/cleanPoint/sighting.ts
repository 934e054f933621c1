import { accept, type Result, refuse } from '../../journal/result.ts';
import { cleanPointOf } from '../../restore/cleanPoint/cleanPoint.ts';
import { type Fingerprint, type Sighting, sightingOf } from '../../restore/cleanPoint/explained.ts';
import type { Found } from '../../restore/cleanPoint/night.ts';
import { interrupted } from '../backupTree/refusals.ts';
import type { CleanPointRequest } from './findCleanPoint.ts';
import { Judging } from './judging.ts';
import type { NightReader } from './nightReader.ts';
import { VerdictStore } from './verdicts/verdictStore.ts';

/** One sign of one night. */
export interface Sought {
  component: string;
  snapshot: string;
  rule: string;
}

/**
 * Where a night shows a sign, from what is known of its contents: nothing is scanned, and no night restored. Fails with `snapshot-unknown`,
 * `sign-unknown`, `interrupted`, and as the reader does.
 */
export async function sightingIn(
  readerOf: (store: VerdictStore) => NightReader,
  { rules, ask, work, verdicts, fingerprint }: CleanPointRequest & { fingerprint: Fingerprint },
  { component, snapshot, rule }: Sought,
): Promise<Result<Sighting>> {
  using store = new VerdictStore(verdicts, rules.hash);
  const reader = readerOf(store);
  const listed = await reader.nights(work);
  if (!listed.ok) return listed;
  if (!listed.value.some(({ id }) => id === snapshot))
    return refuse('snapshot-unknown', 'This night is no longer there.', {
      where: snapshot,
      kept: 'Nothing was changed.',
    });
  const looking = { facts: (key: string) => store.facts(key), damage: () => undefined };
  const judging = new Judging({ reader, store, looking, ask, fingerprint, keeps: false });
  let found: Found[] = [];
  // All nights are judged: which one it is compared with depends on those before it.
  await cleanPointOf(
    listed.value,
    {
      async shown(night, reference) {
        work.signal.throwIfAborted();
        if (night.id === snapshot) found = await judging.found(night, reference);
        return judging.shown(night, reference);
      },
      change: async () => ({ added: 0, changed: 0, removed: 0, bytesNew: 0 }),
    },
    null,
  ).catch((error: unknown) => {
    if (!work.signal.aborted) throw error;
  });
  if (work.signal.aborted) return interrupted(reader.place);
  const sighting = sightingOf(found, { component, rule, fingerprint });
  return sighting.findingsInAll > 0 ? accept(sighting) : notSeen(rule);
}

const notSeen = (rule: string) =>
  refuse('sign-unknown', 'This night shows this sign no more, or people explained all of it.', {
    where: rule,
    expected: 'a sign found in this night with the rules of now, which has a file or a count of its own',
    kept: 'Nothing was explained.',
    cure: 'Have the nights looked through again.',
  });
