import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RotatingSealer } from '../../access/keys/ports.ts';
import { openText, type Sealer } from '../../access/sealer.ts';
import type { CheckpointSigner } from '../../journal/ports.ts';
import { newSealKey, signerFrom } from '../../journal/seal.ts';
import { removeFile, replaceFile } from './durableFile.ts';

const place = 'journal seal-key';
const sealedFile = (folder: string): string => join(folder, 'seal-key.sealed');
/** As release 0.1 kept it, and as benches and tests without a master key still do. */
const plainFile = (folder: string): string => join(folder, 'seal-key.pem');

export const hasSealedSealKey = (folder: string): boolean => existsSync(sealedFile(folder));

/**
 * The key that signs checkpoints, made once, sealed under the master key. One that lies in clear is sealed, then overwritten and
 * removed, also when the last attempt at it was cut short.
 */
export function openSigner(folder: string, sealer?: Sealer): CheckpointSigner {
  const [plain, sealed] = [plainFile(folder), sealedFile(folder)];
  if (sealer === undefined) {
    if (!existsSync(plain)) replaceFile(plain, newSealKey());
    return signerFrom(readFileSync(plain, 'utf8'));
  }
  if (!existsSync(sealed)) {
    const pem = existsSync(plain) ? readFileSync(plain, 'utf8') : newSealKey();
    replaceFile(sealed, sealer.seal(place, pem));
  }
  const signer = signerFrom(openText(sealer, place, readFileSync(sealed)));
  removeFile(plain);
  removeFile(`${plain}.partial`);
  return signer;
}

/** For a moment of signing, nothing changed in the folder. Undefined where the key is not there, or nothing opens it. */
export function readSigner(folder: string, sealer: Sealer | undefined): CheckpointSigner | undefined {
  const [plain, sealed] = [plainFile(folder), sealedFile(folder)];
  if (sealer !== undefined && existsSync(sealed)) return signerFrom(openText(sealer, place, readFileSync(sealed)));
  return existsSync(plain) ? signerFrom(readFileSync(plain, 'utf8')) : undefined;
}

export function rewrapSealKey(folder: string, sealer: RotatingSealer): void {
  const file = sealedFile(folder);
  if (!existsSync(file)) return;
  const sealed = readFileSync(file);
  if (!sealer.isCurrent(sealed)) replaceFile(file, sealer.seal(place, sealer.open(place, sealed)));
}
