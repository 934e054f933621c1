import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sorts first in most listings, so that what encrypts in order meets it early. */
export const CANARY_NAME = '0000-registre-des-gardes.txt';

/** A file nobody has a reason to change: its content is random, its SHA-256 known. */
export function placeCanary(folder: string, give: (path: string) => void): { path: string; sha256: string } {
  const path = join(folder, CANARY_NAME);
  const content = `Ne pas modifier.\n${randomBytes(512).toString('base64')}\n`;
  writeFileSync(path, content, { flag: 'wx' });
  chmodSync(path, 0o640);
  give(path);
  return { path, sha256: createHash('sha256').update(content).digest('hex') };
}
