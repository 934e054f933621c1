import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartedHelper } from '../../src/adapters/cleanRoom/startHelper.ts';
import { cannotMakeRooms } from '../../src/helper/fixtures/ground.ts';
import type { Part } from '../backups.ts';
import { COMPONENT } from '../reflexe.ts';
import { missingPackages } from '../run/packages.ts';
import { AttackedHospital } from './attackedHospital.ts';
import { KillableHub, type ToldEvent } from './killableHub.ts';

const missing = missingPackages();
const cannot =
  cannotMakeRooms() ?? (missing.length > 0 ? `not run: packages missing: ${missing.join(' ')}` : undefined);

describe('nights that show no sign', () => {
  let lab: AttackedHospital;
  let helper: StartedHelper;
  const hubs = new Set<KillableHub>();

  beforeAll(async () => {
    if (cannot !== undefined) return;
    lab = await AttackedHospital.prepare(['ordinary', 'ordinary', 'emptied']);
    helper = await lab.startHelper();
  }, 180_000);

  afterAll(async () => {
    if (cannot !== undefined) return;
    for (const hub of hubs) await hub.kill9();
    await helper?.stop();
    await lab?.end();
  }, 60_000);

  /** A snapshot's id, which begins with the short name that restic said. */
  const snapshot = (part: Part, night: number) => {
    const taken = lab.nights[night]?.parts.find((one) => one.part === part);
    if (taken?.ok !== true) throw new Error(`${part}: no night ${night}`);
    return expect.stringMatching(new RegExp(`^${taken.snapshot}`));
  };

  async function attackedHub(): Promise<{ hub: KillableHub; incident: string }> {
    const hub = new KillableHub(await lab.hub());
    hubs.add(hub);
    await hub.ready();
    const [incident] = Object.keys((await hub.state()).activate.incidents);
    if (incident === undefined) throw new Error('the journal has an incident');
    return { hub, incident };
  }
  const chosen = (hub: KillableHub, part: Part): Promise<ToldEvent> =>
    hub.event('SnapshotChosen', { component: COMPONENT[part] });

  test('of the moment a person dates the compromise to, or later, are not chosen: the night before is', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const { hub, incident } = await attackedHub();
    const since = lab.nights[1]?.time ?? '';
    expect(await hub.submit({ type: 'DateCompromise', component: null, since, mayWeaken: false })).toMatchObject({
      ok: true,
    });
    expect(await hub.submit({ type: 'PlanRecovery', incident })).toMatchObject({ ok: true });
    for (const part of ['database', 'application', 'imaging'] as const) {
      const { data } = await chosen(hub, part);
      expect(data, part).toMatchObject({ snapshot: snapshot(part, 0), horizon: lab.nights[0]?.time });
      const passedOver = { snapshot: snapshot(part, 1), time: lab.nights[1]?.time, reason: 'suspect' };
      expect(data.passedOver, part).toContainEqual(passedOver);
    }
    await hub.kill9();
  }, 120_000);

  test('one emptied of its patients is not served: verification finds it, a person sets it aside, the night before is whole', async (context) => {
    if (cannot !== undefined) return context.skip(cannot);
    const { hub, incident } = await attackedHub();
    expect(await hub.submit({ type: 'PlanRecovery', incident })).toMatchObject({ ok: true });
    const component = COMPONENT.database;
    const { data: emptied } = await chosen(hub, 'database');
    expect(emptied).toMatchObject({ snapshot: snapshot('database', 2), passedOver: [] });
    const { data: disagreed } = await hub.event('RecoveryStepFailed', {
      component,
      step: 'verify',
      code: 'facts-disagree',
    });
    expect(disagreed).toMatchObject({ retryable: false });
    const { recovery } = emptied;
    if (typeof recovery !== 'string') throw new Error('a snapshot is chosen in a recovery');
    expect(await hub.submit({ type: 'RetryStep', recovery, component, olderNight: true })).toMatchObject({ ok: true });
    const { data: verified } = await hub.event('ComponentVerified', { component, agrees: true });
    expect(verified.checks).not.toEqual([]);
    const again = hub.events.filter(({ event, data }) => event === 'SnapshotChosen' && data.component === component);
    expect(again.at(-1)?.data).toMatchObject({
      snapshot: snapshot('database', 1),
      horizon: lab.nights[1]?.time,
      passedOver: [{ snapshot: snapshot('database', 2), time: lab.nights[2]?.time, reason: 'facts-disagree' }],
    });
    await hub.kill9();
  }, 180_000);
});
