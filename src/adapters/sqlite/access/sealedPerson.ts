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
export const openNames = (sealer: Sealer, id: string, sealed: Uint8Array): Names =>
  Names.parse(JSON.parse(openText(sealer, namesAt(id), sealed)));

export const sealPassword = (sealer: Sealer, id: string, hash: string): Uint8Array => sealer.seal(passwordAt(id), hash);
export const openPassword = (sealer: Sealer, id: string, sealed: Uint8Array): string =>
  openText(sealer, passwordAt(id), sealed);
