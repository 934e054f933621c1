import { changedMap } from '../decide.ts';
import { mapProblems } from '../document/check.ts';
import { smallMap } from '../fixture.ts';
import type { HospitalMap } from '../model.ts';
import { applied, differences, withPlaces } from './apply.ts';
import { MapChange, undone } from './change.ts';
import { withShortIds } from './short.ts';

const map = smallMap(
  { app: 'server', server: null, spare: null },
  { care: { needs: { need: 'app' } }, other: { needs: { any: [{ need: 'server' }, { need: 'spare' }] } } },
);
const renamed = { ...map, components: map.components.map((one) => ({ ...one, name: { fr: 'x' } })) };
const shorter: HospitalMap = {
  ...map,
  careFunctions: map.careFunctions.slice(0, 1),
  components: map.components.slice(0, 2),
};

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** What a form or a program sends as changes: made whole or refused, and what is made holds together and can be taken back. */
export const fuzz = {
  name: 'map changes',
  seeds: (): Uint8Array[] => [
    bytes(differences(map, renamed)),
    bytes(differences(map, shorter)),
    bytes(differences(shorter, map)),
    bytes(differences(map, { ...map, components: map.components.toReversed() })),
  ],
  run(input: Uint8Array): void {
    let sent: unknown;
    try {
      sent = JSON.parse(new TextDecoder().decode(input));
    } catch {
      return;
    }
    const read = MapChange.array().max(100).safeParse(sent);
    if (!read.success) return;
    const changes = withPlaces(map, withShortIds(read.data, map.establishment));
    const outcome = changedMap({ document: map, recoveries: {} }, changes);
    if (!outcome.ok) return;
    const after = applied(map, changes);
    if (!after.ok) throw new Error('accepted, and cannot be made');
    const isRefused = outcome.value.problems.some(({ severity }) => severity === 'error');
    const isWrong = mapProblems(after.value).some(({ severity }) => severity === 'error');
    if (outcome.value.isChanged && isRefused !== isWrong) throw new Error('the whole map says otherwise');
    const back = applied(after.value, undone(changes));
    if (!back.ok) throw new Error(`cannot be taken back: ${back.refusal.message} ${back.refusal.where}`);
    if (differences(back.value, map).length > 0) throw new Error('taken back, it is another map');
  },
};
