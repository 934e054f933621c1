import type { Room } from '../journal/room.ts';
import { akinIncident } from './akin.ts';
import { type ActivateCommand, decide, type Shared } from './decide.ts';
import { type ActivateState, evolve, type Incident, initialActivateState } from './state.ts';

export const activateRoom: Room<ActivateState, ActivateCommand, Shared> = {
  name: 'activate',
  initial: initialActivateState,
  evolve,
  decide,
  due(state, now, shared) {
    return [...alarmsToTake(state, shared), ...plansToStart(state), ...holdsToEnd(state, now)];
  },
};

/** An alarm joins the open incident it belongs to; otherwise it opens one. */
function alarmsToTake(state: ActivateState, { document }: Shared): ActivateCommand[] {
  const waiting = Object.values(state.alarms).filter((alarm) => alarm.incident === null);
  return waiting.map((alarm): ActivateCommand => {
    const akin = akinIncident(state, alarm, document);
    return akin === undefined
      ? { type: 'OpenIncident', alarm: alarm.alarm }
      : { type: 'JoinIncident', alarm: alarm.alarm, incident: akin.incident };
  });
}

function plansToStart(state: ActivateState): ActivateCommand[] {
  const open = Object.values(state.incidents).filter((incident) => incident.closedAt === null);
  return open.flatMap((incident) =>
    state.plans
      .filter((plan) => causesOf(state, incident).some((cause) => plan.startsOn.some((known) => known === cause)))
      .filter((plan) => !incident.plans.some((running) => running.plan === plan.id))
      .map((plan): ActivateCommand => ({ type: 'StartPlan', incident: incident.incident, plan: plan.id })),
  );
}

function causesOf(state: ActivateState, incident: Incident): string[] {
  return [incident.cause, ...incident.alarms.flatMap((alarm) => state.alarms[alarm]?.cause ?? [])];
}

function holdsToEnd(state: ActivateState, now: number): ActivateCommand[] {
  return Object.values(state.holds).flatMap((hold): ActivateCommand[] => {
    const { careFunction, ward } = hold;
    if (isServedAgain(state, careFunction)) return [{ type: 'EndHold', careFunction, ward, reason: 'servedAgain' }];
    return hold.standing && Date.parse(hold.until) <= now
      ? [{ type: 'EndHold', careFunction, ward, reason: 'expired' }]
      : [];
  });
}

/** An open incident had taken it, and no alarm about it stands any more: its spell of holding is over. */
function isServedAgain(state: ActivateState, careFunction: string): boolean {
  const taken = Object.values(state.incidents).some(
    (incident) => incident.closedAt === null && incident.careFunctions.includes(careFunction),
  );
  return taken && !Object.values(state.alarms).some((alarm) => alarm.careFunctions.includes(careFunction));
}
