import { z } from 'zod';
import { defineEvent, type EventIn } from '../journal/event.ts';
import { ComponentState } from '../map/model.ts';

/** What a state rests on: which check saw it, or who said so. */
export const Evidence = z.object({
  kind: z.enum(['check', 'person', 'power', 'backup', 'canary', 'restoration', 'silence']),
  /** Check id, person id… */
  by: z.string(),
  /** A stable code (`tcp-refused`, `http-status`, `canary-altered`…), translated by the interface. */
  code: z.string(),
  /** Short technical detail without anything clinical: a status code, a count, a duration. */
  detail: z.string().max(300),
});
export type Evidence = z.infer<typeof Evidence>;

export const componentStateChanged = defineEvent(
  'ComponentStateChanged',
  1,
  z.object({ component: z.string(), from: ComponentState, to: ComponentState, since: z.string(), evidence: Evidence }),
);

/** A sign that data is being destroyed, not merely that a service stopped. */
export const ransomwareSignSeen = defineEvent(
  'RansomwareSignSeen',
  1,
  z.object({
    component: z.string(),
    check: z.string(),
    sign: z.enum(['canaryAltered', 'canaryMissing', 'backupAnomaly', 'massChange']),
    detail: z.string().max(300),
    since: z.string(),
  }),
);

/** What that check saw is known to be no sign: two persons explained all of it. */
export const ransomwareSignSettled = defineEvent(
  'RansomwareSignSettled',
  1,
  z.object({ component: z.string(), check: z.string(), sign: ransomwareSignSeen.schema.shape.sign }),
);

/** One alarm per root cause; the rest of what is down hangs on it. */
export const alarmRaised = defineEvent(
  'AlarmRaised',
  1,
  z.object({
    alarm: z.string(),
    cause: z.enum(['componentLost', 'ransomwareSign', 'powerOnBattery', 'unknown']),
    /** Root component(s) on the map. */
    roots: z.array(z.string()).min(1),
    components: z.array(z.string()),
    careFunctions: z.array(z.string()),
    since: z.string(),
  }),
);
/** More joined: each list is the whole as it now stands. */
export const alarmWidened = defineEvent(
  'AlarmWidened',
  1,
  z.object({
    alarm: z.string(),
    roots: z.array(z.string()),
    components: z.array(z.string()),
    careFunctions: z.array(z.string()),
  }),
);
/** Over, all its components up again; or absorbed: another alarm was found to speak of the same cause and goes on with its losses. */
export const alarmCleared = defineEvent(
  'AlarmCleared',
  1,
  z.object({ alarm: z.string(), at: z.string(), absorbedBy: z.string().optional() }),
);

/** Someone on a ward says a function does not work there (or works again): outranks a green check. */
export const wardReported = defineEvent(
  'WardReported',
  1,
  z.object({ careFunction: z.string(), ward: z.string(), works: z.boolean() }),
);

export const detectEvents = [
  componentStateChanged,
  ransomwareSignSeen,
  ransomwareSignSettled,
  alarmRaised,
  alarmWidened,
  alarmCleared,
  wardReported,
] as const;
export type DetectEvent = EventIn<typeof detectEvents>;
