import type { Act, Rule } from '../access/policy.ts';
import type { Catalogue } from './fr.ts';

/** A line of the table of rights, as people read it: the act, who may do it, how far it reaches, what else it asks for. */
export function rightInWords({ act, ...rule }: Rule & { act: Act }, { rights, acts, access }: Catalogue) {
  const { allowed, scope, twoPersons, recentProof } = rule;
  const ofAnyone = { public: rights.anyone, signedIn: rights.signedIn, site: rights.site };
  const who =
    typeof allowed === 'string'
      ? ofAnyone[allowed]
      : [...new Set(allowed)].map((role) => access.roles[role]).join(', ');
  const demands = [
    ...(twoPersons === undefined ? [] : [{ any: rights.twoPersons, independent: rights.independent }[twoPersons]]),
    ...(recentProof ? [rights.recentProof] : []),
  ];
  const reach = allowed === 'signedIn' ? rights.own : rights.scopes[scope];
  return { act: acts[act], who, reach, demands: demands.join(', ') };
}
