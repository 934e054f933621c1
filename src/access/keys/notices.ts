import type { KeysDesk, NamedSecrets, ProtectorKind } from './ports.ts';

/** What was done to the keys of a running hub, and to secrets by name: never what they hold. */
export type KeyNotice =
  | { type: 'keysUnlocked' }
  | { type: 'protectorAdded'; protector: string; kind: ProtectorKind }
  | { type: 'protectorRemoved'; protector: string }
  | { type: 'masterKeyRotated'; master: string }
  | { type: 'secretSet'; name: string }
  | { type: 'secretRemoved'; name: string };

/** The same keys, each act on them announced once it is done. */
export function announcedKeys(keys: KeysDesk, announce: (notice: KeyNotice) => void): KeysDesk {
  return {
    status: () => keys.status(),
    async unlock(typed) {
      const unlocked = await keys.unlock(typed);
      if (unlocked.ok) announce({ type: 'keysUnlocked' });
      return unlocked;
    },
    async add(wanted) {
      const added = await keys.add(wanted);
      if (added.ok) announce({ type: 'protectorAdded', protector: added.value.protector.id, kind: wanted.kind });
      return added;
    },
    async remove(id) {
      const removed = await keys.remove(id);
      if (removed.ok) announce({ type: 'protectorRemoved', protector: id });
      return removed;
    },
    async rotate(passphrases, show) {
      const rotated = await keys.rotate(passphrases, show);
      if (rotated.ok) announce({ type: 'masterKeyRotated', master: rotated.value.master.id });
      return rotated;
    },
  };
}

export function announcedSecrets(secrets: NamedSecrets, announce: (notice: KeyNotice) => void): NamedSecrets {
  return {
    read: (name) => secrets.read(name),
    list: () => secrets.list(),
    async set(name, value) {
      const kept = await secrets.set(name, value);
      if (kept.ok) announce({ type: 'secretSet', name });
      return kept;
    },
    async remove(name) {
      const removed = await secrets.remove(name);
      if (removed.ok) announce({ type: 'secretRemoved', name });
      return removed;
    },
  };
}
