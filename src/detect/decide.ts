import type { NewEvent } from '../journal/event.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import type { Context } from '../journal/room.ts';
import type { ComponentState, HospitalMap } from '../map/model.ts';
import type { AlarmChange } from './alarmSettling.ts';
import { alarmChanges } from './alarms.ts';
import { dependenciesOf } from './dependencies.ts';
import {
  alarmCleared,
  alarmRaised,
  alarmWidened,
  componentStateChanged,
  type Evidence,
  ransomwareSignSeen,
  ransomwareSignSettled,
  wardReported,
} from './events.ts';
import type { Sign } from './observation.ts';
import { find } from './shelves.ts';
import { type DetectState, stateOf } from './state.ts';

export type DetectCommand =
  /** A watch of checks, restoration or a person says that a component's state is another one. `since`: ISO. */
  | { type: 'ChangeComponentState'; component: string; to: ComponentState; since: string; evidence: Evidence }
  | { type: 'ReportRansomwareSign'; component: string; check: string; sign: Sign; detail: string; since: string }
  | { type: 'SettleRansomwareSign'; component: string; check: string; sign: Sign }
  | { type: 'AssessAlarms' }
  | { type: 'ReportWard'; careFunction: string; ward: string; works: boolean };

/** The map as it stands; rooms read the same document. */
export interface Shared {
  document: HospitalMap | null;
}

/** The same word of the same ward within that time is one report, tapped twice. */
const SAME_REPORT_MILLISECONDS = 10_000;

export function decide(state: DetectState, command: DetectCommand, context: Context<Shared>): Result<NewEvent[]> {
  switch (command.type) {
    case 'ChangeComponentState': {
      const { component, to, since, evidence } = command;
      if (!mayChange(state, component, to, evidence.kind)) return accept([]);
      return accept([componentStateChanged.of({ component, from: stateOf(state, component), to, since, evidence })]);
    }
    case 'ReportRansomwareSign': {
      const { type: _type, ...data } = command;
      const known = state.signs[data.component]?.some((open) => open.sign === data.sign) ?? false;
      return accept(known || isElsewhere(state, data.component) ? [] : [ransomwareSignSeen.of(data)]);
    }
    case 'SettleRansomwareSign': {
      const { component, check, sign } = command;
      const isOpen = state.signs[component]?.some((open) => open.sign === sign && open.check === check) ?? false;
      return accept(isOpen ? [ransomwareSignSettled.of({ component, check, sign })] : []);
    }
    case 'AssessAlarms': {
      const changes = alarmChanges(state, context.now, dependenciesOf(context.shared.document));
      return accept(changes.flatMap((change) => alarmEvents(change, context)));
    }
    case 'ReportWard':
      return reportWard(state, command, context);
  }
}

/** Restoration runs, or ended, in another place than the one checks watch: they have nothing to say of it yet. */
const isElsewhere = (state: DetectState, component: string): boolean =>
  stateOf(state, component) === 'restoring' || (find(state.up, component)?.unconfirmed ?? false);

/** Whether this word changes what stands. Checks do not undo what people isolated or restoration holds. */
function mayChange(state: DetectState, component: string, to: ComponentState, by: Evidence['kind']): boolean {
  const from = stateOf(state, component);
  const byPeople = by === 'person' || by === 'restoration';
  // The one word worth repeating: a check sees up, there where it was restored, what only restoration had said to be.
  if (from === to) return to === 'up' && !byPeople && isElsewhere(state, component);
  if (byPeople) return true;
  return from !== 'isolated' && !isElsewhere(state, component);
}

function alarmEvents(change: AlarmChange, context: Context<Shared>): NewEvent[] {
  const at = new Date(context.now).toISOString();
  if (change.change === 'clear') return [alarmCleared.of({ alarm: change.alarm, at })];
  const { change: kind, absorbs, ...said } = change;
  const alarm = 'alarm' in said ? said.alarm : context.newId('alarm');
  const first =
    kind === 'raise' && 'cause' in said
      ? alarmRaised.of({ ...said, alarm })
      : alarmWidened.of({ roots: said.roots, components: said.components, careFunctions: said.careFunctions, alarm });
  return [first, ...absorbs.map((absorbed) => alarmCleared.of({ alarm: absorbed, at, absorbedBy: alarm }))];
}

function reportWard(
  state: DetectState,
  { careFunction, ward, works }: Extract<DetectCommand, { type: 'ReportWard' }>,
  context: Context<Shared>,
): Result<NewEvent[]> {
  const known = context.shared.document?.careFunctions.find((one) => one.id === careFunction);
  const kept = 'Nothing was reported.';
  if (known === undefined) {
    return refuse('care-function-unknown', 'This care function is not on the map.', {
      where: careFunction,
      expected: 'a care function of the map',
      kept,
    });
  }
  if (!known.wards.includes(ward)) {
    return refuse('ward-unknown', 'This ward does not use this care function.', {
      where: `${careFunction} · ${ward}`,
      expected: known.wards.join(', '),
      kept,
    });
  }
  const last = state.wardReports[careFunction]?.[ward];
  if (last?.works === works && context.now - Date.parse(last.at) < SAME_REPORT_MILLISECONDS) return accept([]);
  return accept([wardReported.of({ careFunction, ward, works })]);
}
