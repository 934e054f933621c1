import type { ActivateEvent } from '../activate/events.ts';
import type { DetectEvent } from '../detect/events.ts';
import type { RecordedEvent } from '../journal/event.ts';
import type { RestoreEvent } from '../restore/events.ts';
import type { CareFacts } from './care.ts';
import { applied } from './change/apply.ts';
import type { MapChange } from './change/change.ts';
import { type Counts, countsOfWhole, type MapVersion, withVersion } from './change/history.ts';
import type { Running } from './change/inUse.ts';
import { type Kept, keeping, nothingKept } from './change/kept.ts';
import { carryIndex } from './change/mapIndex.ts';
import { staysShort, withShortReferences } from './document/reference.ts';
import type { ColumnMapping, MapEvent } from './events.ts';
import {
  noFacts,
  withDecision,
  withHold,
  withHoldEnded,
  withRelease,
  withTransition,
  withWardReport,
} from './facts.ts';
import type { HospitalMap } from './model.ts';

/** The map as it stands, and what happened to what is on it. */
export interface MapState {
  /** Short references only; null before the first. */
  document: HospitalMap | null;
  /** `sha256:<hex>` of the whole map, or of the changes, that made it what it is; null before the first. */
  hash: string | null;
  /** Of the last event that changed the map; 0 before the first. */
  sequence: number;
  /** Newest last. */
  history: readonly MapVersion[];
  /** What each tool said when it was last imported, as a document of the journal, and how its columns were read. */
  imports: Imports;
  /** Open incidents, with the sequence they opened at. */
  incidents: { readonly [incident: string]: number };
  recoveries: Running;
  /** What was taken off the map since, while any of them needs it. */
  kept: Kept;
  care: CareFacts;
}

export interface Imports {
  readonly [from: string]: { memory: string; mapping: ColumnMapping | null };
}

/** What documents of the first release do not hold. */
const notYetWritten = { contracts: [], teams: [], startTogether: [] };

export const initialMapState: MapState = {
  document: null,
  hash: null,
  sequence: 0,
  history: [],
  imports: {},
  incidents: {},
  recoveries: {},
  kept: nothingKept,
  care: noFacts,
};

type FoldedEvent = MapEvent | DetectEvent | ActivateEvent | RestoreEvent;

export function evolveMap(state: MapState, recorded: RecordedEvent): MapState {
  // Recorded events were checked against their schemas when they were read; other types fall through.
  const event = recorded as FoldedEvent;
  const next = evolveUse(state, event);
  const { care } = next;
  const { time } = event;
  switch (event.type) {
    case 'MapImported':
      return imported(next, event);
    case 'MapChanged':
      return changed(next, event);
    case 'ComponentStateChanged': {
      const { component, since: at, to, evidence } = event.data;
      return { ...next, care: withTransition(care, { component, at, to, code: evidence.code }) };
    }
    case 'WardReported':
      return { ...next, care: withWardReport(care, { ...event.data, at: time }) };
    case 'HoldConfirmed':
      return { ...next, care: withHold(care, event.data) };
    case 'HoldEnded': {
      const { careFunction, ward, reason } = event.data;
      return { ...next, care: withHoldEnded(care, { careFunction, ward, at: time, by: reason }) };
    }
    case 'ActivityDecided':
      return { ...next, care: withDecision(care, { ...event.data, at: time }) };
    case 'CareFunctionReleased': {
      const { careFunction, horizon } = event.data;
      return { ...next, care: withRelease(care, { careFunction, at: time, horizon }) };
    }
    default:
      return next;
  }
}

/** Who needs the map to stay as it was. */
function evolveUse(state: MapState, event: FoldedEvent): MapState {
  switch (event.type) {
    case 'IncidentOpened':
      return { ...state, incidents: { ...state.incidents, [event.data.incident]: event.sequence } };
    case 'IncidentClosed':
    case 'IncidentMerged': {
      const { [event.data.incident]: _over, ...incidents } = state.incidents;
      return released({ ...state, incidents });
    }
    case 'RecoveryPlanned': {
      const { recovery, incident, components } = event.data;
      const running = { incident, components: components.map(({ component }) => component) };
      return { ...state, recoveries: { ...state.recoveries, [recovery]: running } };
    }
    case 'RecoveryClosed': {
      const { [event.data.recovery]: _over, ...recoveries } = state.recoveries;
      return released({ ...state, recoveries });
    }
    default:
      return state;
  }
}

const isInUse = (state: MapState): boolean =>
  Object.keys(state.incidents).length > 0 || Object.keys(state.recoveries).length > 0;

const released = (state: MapState): MapState => (isInUse(state) ? state : { ...state, kept: nothingKept });

function imported(state: MapState, event: Extract<MapEvent, { type: 'MapImported' }>): MapState {
  // Checked by `decide` before it was named in the event.
  const written = event.documents?.[event.data.document] as HospitalMap | undefined;
  if (written === undefined) return state;
  const document = withShortReferences({ ...notYetWritten, ...written });
  const { sequence, time, actor: by } = event;
  const whole = { source: event.data.source, counts: countsOfWhole(document), document: null, changes: null };
  const version = { sequence, time, by, ...whole, undoes: null, undoneBy: null, toolBefore: null };
  const { document: hash } = event.data;
  return { ...state, document, hash, sequence, history: withVersion(state.history, version) };
}

function changed(state: MapState, event: Extract<MapEvent, { type: 'MapChanged' }>): MapState {
  const { source, document: name, counts, undoes = null, import: tool } = event.data;
  // Checked by `decide` before it was named in the event.
  const changes = event.documents?.[name] as MapChange[] | undefined;
  if (state.document === null || changes === undefined) return state;
  const after = applied(state.document, changes);
  if (!after.ok) throw new Error(`map: change ${event.sequence} does not continue the map: ${after.refusal.message}`);
  carryIndex(state.document, after.value, changes);
  staysShort(state.document, after.value);
  const { sequence, time, actor: by } = event;
  const undone = state.history.find((one) => one.sequence === undoes);
  const from = tool?.from ?? undone?.toolBefore?.from;
  const toolBefore = from === undefined ? null : { from, was: state.imports[from] ?? null };
  const version = { sequence, time, by, source, counts: counts as Counts, document: name, changes, undoes };
  return {
    ...state,
    document: after.value,
    hash: name,
    sequence,
    history: withVersion(state.history, { ...version, undoneBy: null, toolBefore }),
    imports:
      tool !== undefined
        ? { ...state.imports, [tool.from]: { memory: tool.memory, mapping: tool.mapping ?? null } }
        : restored(state.imports, undone?.toolBefore ?? null),
    kept: isInUse(state) ? keeping(state.kept, changes) : state.kept,
  };
}

/** An import that is taken back was never said. */
function restored(imports: Imports, before: MapVersion['toolBefore']): Imports {
  if (before === null) return imports;
  const { [before.from]: _forgotten, ...others } = imports;
  return before.was === null ? others : { ...others, [before.from]: before.was };
}
