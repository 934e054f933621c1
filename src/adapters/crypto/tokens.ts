import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Tokens } from '../../access/ports.ts';

export const tokens: Tokens = {
  fresh: () => randomBytes(32).toString('base64url'),
  hashOf: (token) => createHash('sha256').update(token).digest('hex'),
  newId: (kind) => `${kind}-${randomUUID()}`,
};
