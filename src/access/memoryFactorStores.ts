import type { ApiToken } from './apiTokens/ports.ts';
import type { Invitation } from './invitations/ports.ts';
import type { Passkey } from './passkeys/ports.ts';
import type { AccessStores } from './ports.ts';
import type { Totp } from './secondFactor/ports.ts';

export type FactorStores = Pick<AccessStores, 'passkeys' | 'totps' | 'recoveryCodes' | 'invitations' | 'apiTokens'>;

/** In-memory twins of what people sign in with; `forget` is what erasing a person does by reference in a database. */
export function memoryFactorStores(): FactorStores & { forget(person: string): void } {
  const passkeys = new Map<string, Passkey>();
  const totps = new Map<string, Totp>();
  const sheets = new Map<string, { hashes: (string | undefined)[]; madeAt: number }>();
  const invitations = new Map<string, Invitation>();
  const apiTokens = new Map<string, ApiToken>();

  function removeWhere<Kept extends { person: string }>(kept: Map<string, Kept>, person: string): boolean {
    const theirs = [...kept].filter(([, one]) => one.person === person);
    for (const [id] of theirs) kept.delete(id);
    return theirs.length > 0;
  }
  const valid = (hash: string, now: number) =>
    [...invitations.values()].find(({ tokenHash, expiresAt }) => tokenHash === hash && now < expiresAt);

  return {
    passkeys: {
      put: (passkey) => void passkeys.set(passkey.id, passkey),
      find: (id) => passkeys.get(id),
      of: (person) =>
        [...passkeys.values()]
          .filter((passkey) => passkey.person === person)
          .sort((one, other) => one.createdAt - other.createdAt),
      remove: (person, id) => passkeys.get(id)?.person === person && passkeys.delete(id),
      removeAll: (person) => void removeWhere(passkeys, person),
    },
    totps: {
      put: (totp) => void totps.set(totp.person, totp),
      of: (person) => totps.get(person),
      spend(person, step, skewSteps) {
        const totp = totps.get(person);
        if (!totp || step <= totp.lastStep) return false;
        totps.set(person, { ...totp, lastStep: step, skewSteps });
        return true;
      },
      remove: (person) => totps.delete(person),
    },
    recoveryCodes: {
      replace: (person, hashes, madeAt) => void sheets.set(person, { hashes: [...hashes], madeAt }),
      hashOf: (person, number) => sheets.get(person)?.hashes[number],
      spend(person, number, hash) {
        const sheet = sheets.get(person);
        if (sheet?.hashes[number] !== hash) return false;
        sheet.hashes[number] = undefined;
        return true;
      },
      left(person) {
        const sheet = sheets.get(person);
        return sheet && { left: sheet.hashes.filter((hash) => hash !== undefined).length, madeAt: sheet.madeAt };
      },
      remove: (person) => void sheets.delete(person),
    },
    invitations: {
      put(invitation) {
        removeWhere(invitations, invitation.person);
        invitations.set(invitation.id, invitation);
      },
      find: valid,
      open: (now) =>
        [...invitations.values()]
          .filter(({ expiresAt }) => now < expiresAt)
          .sort((one, other) => one.createdAt - other.createdAt),
      redeem(hash, now) {
        const found = valid(hash, now);
        if (found) invitations.delete(found.id);
        return found;
      },
      cancel: (person) => removeWhere(invitations, person),
    },
    apiTokens: {
      put: (token) => void apiTokens.set(token.id, token),
      find: (hash) => [...apiTokens.values()].find(({ tokenHash }) => tokenHash === hash),
      of: (person) =>
        [...apiTokens.values()]
          .filter((token) => token.person === person)
          .sort((one, other) => one.createdAt - other.createdAt),
      used(id, at) {
        const token = apiTokens.get(id);
        if (token) apiTokens.set(id, { ...token, usedAt: at });
      },
      remove: (person, id) => apiTokens.get(id)?.person === person && apiTokens.delete(id),
    },
    forget(person) {
      for (const kept of [passkeys, totps, invitations, apiTokens]) removeWhere<{ person: string }>(kept, person);
      sheets.delete(person);
    },
  };
}
