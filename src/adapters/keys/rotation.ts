import type { Rotated } from '../../access/keys/ports.ts';
import { accept, type Result } from '../../journal/result.ts';
import { again, type Opened, protectorFor, wrappedKeys, wrappedPrevious } from './keyring.ts';
import type { Keyring, ProtectorRecord } from './keyringFile.ts';
import { newKey } from './masterSealer.ts';
import { type ProtectorsAt, shown } from './protectors/protectors.ts';
import { locked } from './refusals.ts';

export interface PreparedRotation {
  rotated: Rotated;
  /** To be written: the new protectors, the master key before sealed under the new one until nothing needs it. */
  keyring: Keyring;
  opened: Opened;
}

/** A new master key under protectors of the same kinds. Nothing is changed yet but key files, where both lines stand. */
export async function prepareRotation(
  before: Keyring,
  opened: Opened,
  passphrases: { [id: string]: string },
  at: ProtectorsAt,
  now: number,
): Promise<Result<PreparedRotation>> {
  const [old] = opened.keys;
  if (old === undefined) return locked(at.folder);
  const fresh = newKey();
  const protectors: ProtectorRecord[] = [];
  const shares: Rotated['shares'] = [];
  for (const one of before.protectors) {
    const made = await protectorFor(again(one, passphrases), fresh, at, now);
    if (!made.ok) return made;
    const { record, shares: codes } = made.value;
    protectors.push(record);
    if (codes.length > 0) shares.push({ protector: record.id, codes });
  }
  const master = { id: fresh.id, madeAt: new Date(now).toISOString() };
  const columns = [newKey(), ...opened.columns];
  const keys = wrappedKeys(fresh, columns, opened.index);
  return accept({
    rotated: { master, protectors: protectors.map(shown), shares },
    keyring: { ...before, master, protectors, ...keys, previous: wrappedPrevious(fresh, old) },
    opened: { keys: [fresh, old], columns, index: opened.index },
  });
}
