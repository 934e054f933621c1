import { z } from 'zod';
import { openText, type Sealer } from '../../../access/sealer.ts';

/** How a person's names and password's hash lie in the row of this id. */
const Names = z.object({ name: z.string(), displayName: z.string() });
type Names = z.infer<typeof Names>;

const namesAt = (id: string): string => `people.names:${id}`;
const passwordAt = (id: string): string => `people.password:${id}`;

/** `name` is folded. */
export const indexOfName = (sealer: Sealer, name: string): string => sealer.index('people.name', name);

export const sealNames = (sealer: Sealer, id: string, { name, displayName }: Names): Uint8Array =>
  sealer.seal(namesAt(id), JSON.stringify({ name, displayName }));
const openNames = (sealer: Sealer, id: string, sealed: Uint8Array): Names =>
  Names.parse(JSON.parse(openText(sealer, namesAt(id), sealed)));

/** People whose names are kept unsealed in memory: those at work at one time in a large hospital group. */
const atHandMax = 2_000;

/**
 * Opens names, and keeps them beside the sealed bytes they came from: unsealing costs more than the rest of a look-up, and every request
 * looks its person up. Other bytes (a rotation, an alteration) are opened anew.
 */
export function namesAtHand(sealer: Sealer): { open(id: string, sealed: Uint8Array): Names; forget(id: string): void } {
  const atHand = new Map<string, { sealed: Uint8Array; names: Names }>();
  return {
    open(id, sealed) {
      const known = atHand.get(id);
      if (known !== undefined && Buffer.compare(known.sealed, sealed) === 0) return known.names;
      const names = openNames(sealer, id, sealed);
      if (atHand.size >= atHandMax) atHand.clear();
      atHand.set(id, { sealed, names });
      return names;
    },
    forget: (id) => void atHand.delete(id),
  };
}

export const sealPassword = (sealer: Sealer, id: string, hash: string): Uint8Array => sealer.seal(passwordAt(id), hash);
export const openPassword = (sealer: Sealer, id: string, sealed: Uint8Array): string =>
  openText(sealer, passwordAt(id), sealed);
