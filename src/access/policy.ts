import type { Allowed, Role, Scope } from './roleNames.ts';

/** Who may do an act, and what it demands beyond a role. */
export interface Rule {
  allowed: Allowed;
  /** What the act touches: a ward's act is open to whoever holds the role for that ward, its site or the establishment. */
  scope: Scope;
  /** Someone else who may do it has to agree first. `independent`: nobody whose rights the first gave in the last day. */
  twoPersons?: 'any' | 'independent';
  /** The person proved who they are within the last minutes. */
  recentProof?: true;
  /** Open also to a session that may only add its second factor. */
  whileEnrolling?: true;
}

const cell = ['administrator', 'crisisDirector', 'ciso'] as const satisfies Role[];
const directors = ['administrator', 'crisisDirector'] as const satisfies Role[];
const responders = [...cell, 'technician', 'technicalService', 'clinician'] as const satisfies Role[];
const restorers = [...cell, 'technician'] as const satisfies Role[];
const whole = { scope: 'establishment' } as const;
const ward = { scope: 'ward' } as const;
const everybody = { allowed: 'public', ...whole } as const;
const oneself = { allowed: 'signedIn', scope: 'ward', whileEnrolling: true } as const;
/** What opens doors for others: asked of administrators who have just proved who they are. */
const keeper = { allowed: ['administrator'], recentProof: true, ...whole } as const;

/**
 * Every act of the product and who may do it: the only such table. What is not here cannot be done by anyone.
 * The page docs/security/policy.md is made of it, in words.
 */
export const policy = {
  'page.open': everybody,
  'health.see': everybody,
  'session.see': everybody,
  'session.open': everybody,
  'session.end': everybody,
  'authority.see': everybody,
  'site.greet': { allowed: 'site', ...whole },

  'account.manage': oneself,
  'account.protect': { ...oneself, recentProof: true },
  'worlds.see': { allowed: 'signedIn', ...ward },
  'people.names': { allowed: 'signedIn', ...ward },
  'rights.see': oneself,

  'board.see': { allowed: 'signedIn', ...ward },
  'alarms.see': { allowed: [...responders, 'hostingOperator', 'regionalAgency', 'auditor'], ...whole },
  'incidents.see': { allowed: [...responders, 'hostingOperator', 'regionalAgency', 'auditor'], ...whole },
  'seal.see': { allowed: [...responders, 'hostingOperator', 'regionalAgency', 'auditor'], ...whole },
  'restoration.see': { allowed: [...responders, 'hostingOperator', 'regionalAgency', 'auditor'], ...whole },
  'map.see': { allowed: [...restorers, 'technicalService', 'hostingOperator', 'auditor'], ...whole },

  'map.edit': { allowed: ['administrator', 'ciso', 'technician', 'technicalService'], ...whole },
  'hospital.start': keeper,

  'ward.report': { allowed: ['staff', 'clinician', 'technician', ...directors], ...ward },
  'hold.confirm': { allowed: ['clinician', ...directors], ...ward },
  'hold.extend': { allowed: ['clinician', 'administrator'], ...ward },
  'hold.end': { allowed: ['clinician', ...directors], ...ward },

  'incident.level': { allowed: directors, ...whole },
  'incident.merge': { allowed: directors, ...whole },
  'incident.close': { allowed: directors, ...whole },
  'activity.decide': { allowed: directors, ...whole },
  'role.take': { allowed: cell, ...whole },
  'step.finish': { allowed: responders, ...whole },
  'log.write': { allowed: responders, ...whole },
  'return.estimate': { allowed: [...cell, 'hostingOperator', 'technicalService'], ...whole },

  'recovery.plan': { allowed: restorers, ...whole },
  'recovery.retry': { allowed: ['administrator', 'ciso', 'technician'], ...whole },
  'night.judge': { allowed: restorers, ...whole },
  'proof.ask': { allowed: restorers, ...whole },
  'night.schedule': { allowed: ['administrator', 'ciso', 'technician'], ...whole },
  'compromise.date': { allowed: restorers, ...whole },
  'compromise.withdraw': { allowed: cell, twoPersons: 'any', ...whole },
  'sign.explain': { allowed: cell, twoPersons: 'any', ...whole },
  'sign.unexplain': { allowed: restorers, ...whole },
  'backup.look': { allowed: ['administrator', 'ciso', 'technician'], ...whole },
  'backup.fetch': { allowed: ['administrator', 'ciso', 'technician'], recentProof: true, ...whole },
  'function.release': { allowed: restorers, twoPersons: 'any', ...whole },

  'approval.see': { allowed: restorers, ...whole },
  'approval.give': { allowed: restorers, ...whole },

  'exercise.play': { allowed: cell, ...whole },
  'drill.run': { allowed: ['administrator'], ...whole },

  'people.see': { allowed: ['administrator', 'ciso', 'auditor'], ...whole },
  'people.manage': keeper,
  'rights.change': keeper,
  'token.manage': keeper,
  'wardCard.manage': keeper,
  'openId.manage': keeper,
  'breakGlass.review': { allowed: [...cell, 'auditor'], ...whole },
  'envelope.manage': keeper,
  'audit.see': { allowed: ['administrator', 'ciso', 'auditor'], ...whole },
  'private.erase': { ...keeper, twoPersons: 'independent' },
} as const satisfies { readonly [act: string]: Rule };

export type Act = keyof typeof policy;
export const acts = Object.keys(policy) as Act[];
/** A journal, a mistake or an older release may name what this table does not. */
export const isAct = (name: string): name is Act => Object.hasOwn(policy, name);

/** What a route, a feed or a view declares about who may use it. */
export interface Right extends Rule {
  act?: Act;
}

export const rightTo = (act: Act): Right & { act: Act } => ({ act, ...policy[act] });
