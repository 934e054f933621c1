import type { ActivateEvent } from '../activate/events.ts';
import type { DetectEvent } from '../detect/events.ts';
import type { RecordedEvent } from '../journal/event.ts';
import type { RestoreEvent } from '../restore/events.ts';
import type { CareFacts } from './care.ts';
import { withShortReferences } from './document/reference.ts';
import type { MapEvent } from './events.ts';
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
  /** `sha256:<hex>` of the document; null before the first import. */
  hash: string | null;
  /** Short references only. */
  document: HospitalMap | null;
  /** Of the last event that changed the map; 0 before the first. */
  sequence: number;
  care: CareFacts;
}

/** What documents of the first release do not hold. */
const notYetWritten = { contracts: [], teams: [], startTogether: [] };

export const initialMapState: MapState = { hash: null, document: null, sequence: 0, care: noFacts };

export function evolveMap(state: MapState, recorded: RecordedEvent): MapState {
  // Recorded events were checked against their schemas when they were read; other types fall through.
  const event = recorded as MapEvent | DetectEvent | ActivateEvent | RestoreEvent;
  const { care } = state;
  const { time } = event;
  switch (event.type) {
    case 'MapImported': {
      const hash = event.data.document;
      // Checked by `decide` before it was named in the event.
      const document = event.documents?.[hash] as HospitalMap | undefined;
      if (document === undefined) return state;
      const { sequence } = event;
      return { ...state, hash, document: withShortReferences({ ...notYetWritten, ...document }), sequence };
    }
    case 'ComponentStateChanged': {
      const { component, since: at, to, evidence } = event.data;
      return { ...state, care: withTransition(care, { component, at, to, code: evidence.code }) };
    }
    case 'WardReported':
      return { ...state, care: withWardReport(care, { ...event.data, at: time }) };
    case 'HoldConfirmed':
      return { ...state, care: withHold(care, event.data) };
    case 'HoldEnded': {
      const { careFunction, ward, reason } = event.data;
      return { ...state, care: withHoldEnded(care, { careFunction, ward, at: time, by: reason }) };
    }
    case 'ActivityDecided':
      return { ...state, care: withDecision(care, { ...event.data, at: time }) };
    case 'CareFunctionReleased': {
      const { careFunction, horizon } = event.data;
      return { ...state, care: withRelease(care, { careFunction, at: time, horizon }) };
    }
    default:
      return state;
  }
}
