import type { AccessCommand } from '../access/decide.ts';
import { accessEvents } from '../access/events.ts';
import { accessRoom } from '../access/room.ts';
import type { AccessState } from '../access/state.ts';
import type { ActivateCommand } from '../activate/decide.ts';
import { activateEvents } from '../activate/events.ts';
import { activateRoom } from '../activate/room.ts';
import type { ActivateState } from '../activate/state.ts';
import type { DetectCommand } from '../detect/decide.ts';
import { detectEvents } from '../detect/events.ts';
import { detectRoom } from '../detect/room.ts';
import type { DetectState } from '../detect/state.ts';
import { eventsOf } from '../journal/codec.ts';
import type { NewEvent } from '../journal/event.ts';
import type { World, WorldContext } from '../journal/queue.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import type { Room } from '../journal/room.ts';
import { withKept } from '../map/change/kept.ts';
import type { MapCommand } from '../map/decide.ts';
import { mapEvents } from '../map/events.ts';
import { mapRoom } from '../map/room.ts';
import type { MapState } from '../map/state.ts';
import type { PrepareCommand } from '../prepare/decide.ts';
import { prepareEvents } from '../prepare/events.ts';
import { prepareRoom } from '../prepare/room.ts';
import type { PrepareState } from '../prepare/state.ts';
import type { RestoreCommand } from '../restore/decide.ts';
import { restoreEvents } from '../restore/events.ts';
import { restoreRoom } from '../restore/room.ts';
import type { RestoreState } from '../restore/state.ts';

/** All the rooms of one establishment. Plain data: it is what snapshots keep. */
export interface HospitalState {
  map: MapState;
  detect: DetectState;
  activate: ActivateState;
  restore: RestoreState;
  prepare: PrepareState;
  access: AccessState;
}

export type HospitalCommand =
  | MapCommand
  | DetectCommand
  | ActivateCommand
  | RestoreCommand
  | PrepareCommand
  | AccessCommand;

export const hospitalEvents = eventsOf(
  mapEvents,
  detectEvents,
  activateEvents,
  restoreEvents,
  prepareEvents,
  accessEvents,
);

/** Which room each command is for. */
const roomOf: { readonly [Type in HospitalCommand['type']]: keyof HospitalState } = {
  ImportMap: 'map',
  ChangeMap: 'map',
  ChangeComponentState: 'detect',
  ReportRansomwareSign: 'detect',
  SettleRansomwareSign: 'detect',
  AssessAlarms: 'detect',
  ReportWard: 'detect',
  ImportPlans: 'activate',
  OpenIncident: 'activate',
  JoinIncident: 'activate',
  MergeIncident: 'activate',
  StartPlan: 'activate',
  FinishStep: 'activate',
  ChangeLevel: 'activate',
  TakeRole: 'activate',
  CloseIncident: 'activate',
  ConfirmHold: 'activate',
  ExtendHold: 'activate',
  EndHold: 'activate',
  DecideActivity: 'activate',
  EstimateReturn: 'activate',
  WriteLog: 'activate',
  RecordHealthyFacts: 'restore',
  PlanRecovery: 'restore',
  RecordRoomOpened: 'restore',
  RecordIsolation: 'restore',
  BeginStep: 'restore',
  FinishChoose: 'restore',
  FinishFetch: 'restore',
  FinishStart: 'restore',
  FinishVerify: 'restore',
  FailStep: 'restore',
  RetryStep: 'restore',
  Release: 'restore',
  CloseRecovery: 'restore',
  AskJudging: 'restore',
  RecordNights: 'restore',
  FailJudging: 'restore',
  DateCompromise: 'restore',
  ExplainFindings: 'restore',
  WithdrawExplanation: 'restore',
  RecordFetched: 'restore',
  SeeMeans: 'restore',
  ScheduleNight: 'restore',
  BeginProof: 'restore',
  AskProof: 'restore',
  EndProof: 'restore',
  RecordCleared: 'restore',
  StartExercise: 'prepare',
  EndExercise: 'prepare',
  NoteAccess: 'access',
  ChangeGrants: 'access',
  AskApproval: 'access',
  GiveApproval: 'access',
  EndApproval: 'access',
  OrderErasure: 'access',
  RecordErasure: 'access',
};

type AnyRoom = Room<unknown, { type: string }, MapState>;

/** The rooms, in the order their due commands are obeyed. Each is typed where it is written; here they are one list. */
const rooms = {
  map: mapRoom,
  detect: detectRoom,
  activate: activateRoom,
  restore: restoreRoom,
  prepare: prepareRoom,
  access: accessRoom,
} as unknown as { readonly [Name in keyof HospitalState]: AnyRoom };

/**
 * The map as those at work see it: the one in force, with what open incidents and running recoveries rest on of what was
 * taken off it since.
 */
export function sharedMap(state: HospitalState): MapState {
  const { document, kept } = state.map;
  if (document === null || Object.keys(kept).length === 0) return state.map;
  const incidents = Object.values(state.activate.incidents).filter(({ closedAt }) => closedAt === null);
  const recoveries = Object.values(state.restore.recoveries).filter(({ closed }) => closed === null);
  const named = [
    ...incidents.flatMap(({ careFunctions, roots }) => [...careFunctions, ...roots]),
    ...recoveries.flatMap(({ careFunctions }) => careFunctions),
  ];
  return { ...state.map, document: withKept(document, kept, named) };
}

const names = Object.keys(rooms) as (keyof HospitalState)[];

function inItsRoom(state: HospitalState, command: HospitalCommand, context: WorldContext): Result<NewEvent[]> {
  const name = roomOf[command.type];
  if (name === undefined)
    return refuse('command-unknown', 'No room knows this command.', { where: String(command.type) });
  return rooms[name].decide(state[name], command, { ...context, shared: sharedMap(state) });
}

export const hospital: World<HospitalState, HospitalCommand> = {
  initial: Object.fromEntries(names.map((name) => [name, rooms[name].initial])) as unknown as HospitalState,

  evolve(state, event) {
    let next = state;
    for (const name of names) {
      const folded = rooms[name].evolve(state[name], event);
      if (folded !== state[name]) next = { ...next, [name]: folded };
    }
    return next;
  },

  decide(state, command, context: WorldContext): Result<NewEvent[]> {
    const decided = inItsRoom(state, command, context);
    if (!decided.ok || command.type !== 'GiveApproval') return decided;
    // Agreed and done together: neither can be found without the other. In the name of who asked.
    const approval = state.access.approvals[command.approval];
    if (approval === undefined) return decided;
    const done = inItsRoom(state, approval.asked as HospitalCommand, { ...context, actor: approval.askedBy });
    return done.ok ? accept([...decided.value, ...done.value]) : done;
  },

  versionOf(state, thing) {
    return state.activate.incidents[thing]?.version ?? state.restore.recoveries[thing]?.version;
  },
};

/** What time, or the events just folded, ask of each room. */
export function dueCommands(state: HospitalState, now: number): HospitalCommand[] {
  const shared = sharedMap(state);
  return names.flatMap((name) => rooms[name].due(state[name], now, shared) as HospitalCommand[]);
}
