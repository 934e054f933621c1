import { z } from 'zod';
import { canonical } from '../../journal/canonical.ts';
import type { EventIn, Json, RecordedEvent } from '../../journal/event.ts';
import type { MapEvent } from '../../map/events.ts';
import type { ProofOutcome, proofEvents } from './events.ts';

type ProofEvent = EventIn<typeof proofEvents>;

/** Proofs of a component kept beside the last one: what its times were. A year of weeks. */
export const PROOF_HISTORY = 52;

/** What came of one proof of a component. */
export interface ComponentProof extends ProofOutcome {
  recovery: string;
  scope: 'sample' | 'whole' | 'asked';
  at: string;
  /** What it rests on: itself, and what was restored below it. */
  restsOn: string[];
}

interface Change {
  at: string;
  what: 'map' | 'means';
}

export interface ProvedComponent {
  /** The last that was tried to its end: what was not tried says nothing. */
  last: ComponentProof;
  /** The last that went through, where the last did not. */
  proved: ComponentProof | null;
  /** What changed since it was proved. */
  changed: Change | null;
  /** Newest last. */
  history: { at: string; outcome: ProofOutcome['outcome']; seconds: number }[];
}

/** A proof that runs, or has not been cleared away. */
export interface Proof {
  recovery: string;
  scope: 'sample' | 'whole' | 'asked';
  begunAt: string;
  restsOn: { [component: string]: string[] };
  /** What changed while it ran: it proves what was, not what is. */
  changes: (Change & { components: string[] })[];
  /** Null while it runs. */
  ended: { at: string; because: string } | null;
}

export interface ProofsState {
  /** Local time (HH:MM), day of the week of the whole (0: Sunday). */
  schedule: { time: string; weekday: number };
  /** How each component that can be restored here is restored. */
  means: { [component: string]: { source: string; digest: string } };
  components: { [component: string]: ProvedComponent };
  /** By recovery: what runs, and what is still to be cleared away. */
  proofs: { [recovery: string]: Proof };
  /** When the last one that nobody asked for was begun. */
  nightBegunAt: string | null;
  /** How the last one ended, whoever asked for it. */
  lastEnded: { at: string; because: string } | null;
}

export const initialProofs: ProofsState = {
  schedule: { time: '03:00', weekday: 0 },
  means: {},
  components: {},
  proofs: {},
  nightBegunAt: null,
  lastEnded: null,
};

export function evolveProofs(state: ProofsState, recorded: RecordedEvent): ProofsState {
  const event = recorded as ProofEvent | MapEvent;
  const { time: at } = event;
  switch (event.type) {
    case 'RestorationMeansSeen': {
      const { component, source, digest } = event.data;
      const before = state.means[component];
      const next = { ...state, means: { ...state.means, [component]: { source, digest } } };
      return before === undefined || before.digest === digest
        ? next
        : unproved(next, [component], { at, what: 'means' });
    }
    case 'RestorationMeansGone': {
      const { [event.data.component]: _gone, ...means } = state.means;
      return unproved({ ...state, means }, [event.data.component], { at, what: 'means' });
    }
    case 'NightScheduled':
      return { ...state, schedule: event.data };
    case 'ProofBegun': {
      const { recovery, scope, restsOn } = event.data;
      const proof: Proof = { recovery, scope, begunAt: at, restsOn, changes: [], ended: null };
      const proofs = { ...state.proofs, [recovery]: proof };
      return { ...state, proofs, nightBegunAt: scope === 'asked' ? state.nightBegunAt : at };
    }
    case 'ProofEnded':
      return ended(state, event);
    case 'ProofCleared': {
      const { [event.data.recovery]: _cleared, ...proofs } = state.proofs;
      return { ...state, proofs };
    }
    case 'MapChanged':
      return unproved(state, changedComponents(event), { at, what: 'map' });
    default:
      return state;
  }
}

function ended(state: ProofsState, { data, time: at }: Extract<ProofEvent, { type: 'ProofEnded' }>): ProofsState {
  const { recovery, because, outcomes } = data;
  const proof = state.proofs[recovery];
  if (proof === undefined) return state;
  const components = { ...state.components };
  for (const outcome of outcomes) {
    if (outcome.outcome === 'notTried') continue;
    const { component, seconds } = outcome;
    const before = components[component];
    const restsOn = proof.restsOn[component] ?? [component];
    const meanwhile = proof.changes.find((change) => change.components.some((one) => restsOn.includes(one)));
    const changed = meanwhile === undefined ? null : { at: meanwhile.at, what: meanwhile.what };
    const last = { ...outcome, recovery, scope: proof.scope, at, restsOn };
    const history = [...(before?.history ?? []), { at, outcome: outcome.outcome, seconds }].slice(-PROOF_HISTORY);
    components[component] =
      outcome.outcome === 'proved'
        ? { last, proved: last, changed, history }
        : { last, proved: before?.proved ?? null, changed: before?.changed ?? null, history };
  }
  const over = { at, because };
  return {
    ...state,
    components,
    proofs: { ...state.proofs, [recovery]: { ...proof, ended: over } },
    lastEnded: over,
  };
}

/** What was proved of whatever rests on one of these was proved of something else. */
function unproved(state: ProofsState, changed: readonly string[], by: Change): ProofsState {
  if (changed.length === 0) return state;
  const running = Object.entries(state.proofs).filter(([, { ended: over }]) => over === null);
  const proofs = Object.fromEntries(
    running.map(([id, proof]) => [id, { ...proof, changes: [...proof.changes, { ...by, components: [...changed] }] }]),
  );
  const concerned = Object.entries(state.components).filter(
    ([, { proved, changed: already }]) => already === null && proved?.restsOn.some((one) => changed.includes(one)),
  );
  const components = Object.fromEntries(concerned.map(([id, proof]) => [id, { ...proof, changed: by }]));
  if (running.length === 0 && concerned.length === 0) return state;
  return { ...state, components: { ...state.components, ...components }, proofs: { ...state.proofs, ...proofs } };
}

/** Of a change to the map, what says whether a component is restored otherwise than before. */
const Restored = z.object({ kind: z.unknown(), needs: z.unknown(), restore: z.unknown() }).partial().nullable();
const ComponentChange = z.object({ section: z.literal('components'), id: z.string(), from: Restored, to: Restored });
const Changes = z.array(z.unknown());

const restoredAs = (one: z.infer<typeof Restored>): string =>
  // Of the journal: plain data.
  canonical([one?.kind ?? null, one?.needs ?? null, one?.restore ?? null] as Json);

/** Components of which what they need, or how they are restored, is no longer what it was. */
function changedComponents({ data, documents }: Extract<MapEvent, { type: 'MapChanged' }>): string[] {
  return (Changes.safeParse(documents?.[data.document]).data ?? []).flatMap((one) => {
    const change = ComponentChange.safeParse(one).data;
    return change === undefined || restoredAs(change.from) === restoredAs(change.to) ? [] : [change.id];
  });
}
