import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { isInside, tarRefused } from './tar.ts';

/** Names at the top of every bundle, in this order; then the files of the manifest, in its order. */
export const manifestName = 'manifest.json';
export const signatureName = 'manifest.sig';

export const manifestBytesMax = 32 * 1_048_576;
/** One file of a version: Node is the largest, some 120 MB. */
const fileBytesMax = 1024 ** 3;
/** A whole version, unpacked: what a signed manifest may ask of the disk. */
const versionBytesMax = 4 * 1024 ** 3;

const release = z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}(-[0-9a-z.]{1,40})?$/);

export const Manifest = z.strictObject({
  kind: z.literal('reflexe-bundle'),
  format: z.literal(1),
  release,
  platform: z.string(),
  architecture: z.string(),
  node: z.string(),
  made: z.iso.datetime(),
  /** What this version can read of a journal: its file's format, and each event up to which version. */
  journalFormat: z.int().min(1),
  events: z.record(z.string(), z.int().min(1)),
  files: z
    .array(
      z.strictObject({
        path: z.string().refine(isInside),
        bytes: z.int().min(0).max(fileBytesMax),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        mode: z.literal([0o644, 0o755]),
      }),
    )
    .min(1)
    .max(200_000)
    .refine((files) => new Set(files.map(({ path }) => path)).size === files.length, 'a path is named twice')
    .refine((files) => files.reduce((sum, { bytes }) => sum + bytes, 0) <= versionBytesMax, 'too large'),
});
export type Manifest = z.infer<typeof Manifest>;

/** Keeps a signature of a bundle from being taken for one of anything else the key may sign. */
const signedBytes = (manifest: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from('reflexe bundle manifest\n'), manifest]);

export const signManifest = (manifest: Uint8Array, privateKey: KeyObject): string =>
  `${sign(null, signedBytes(manifest), privateKey).toString('base64')}\n`;

/** Throws Refused where the manifest is not signed by the pinned key, or is not one. Nothing in it is believed before. */
export function readManifest(manifest: Uint8Array, signature: Uint8Array, pinned: KeyObject): Manifest {
  const text = Buffer.from(signature).toString('latin1').trim();
  if (text === '') throw tarRefused('it is not signed', signatureName);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text || !verify(null, signedBytes(manifest), pinned, bytes)) {
    throw tarRefused('its manifest is not signed by the key this installation trusts', signatureName);
  }
  return parseManifest(manifest);
}

/** The manifest of an installed version, or of a bundle whose signature was checked. */
export function parseManifest(manifest: Uint8Array): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(manifest).toString('utf8'));
  } catch {
    throw tarRefused('its manifest is no JSON document', manifestName);
  }
  const parsed = Manifest.safeParse(value);
  if (parsed.success) return parsed.data;
  throw tarRefused(`its manifest is not as expected: ${z.prettifyError(parsed.error).slice(0, 300)}`, manifestName);
}

/** The key that signs updates, as a PEM file holds it. */
export function publicKeyOf(pem: string, where: string): Result<KeyObject> {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return accept(key);
  } catch {
    // Not a key at all.
  }
  return refuse('update-key-unreadable', 'The key that updates are checked with cannot be read.', {
    where,
    expected: 'an Ed25519 public key, in PEM',
    kept: 'the installed version, which was not touched',
    cure: 'Take the key from the first bundle of this installation, or from whom you received it.',
  });
}

/** Releases in order (semantic versioning 2.0, item 11, as far as we use it): negative where `one` is older. */
export function compareReleases(one: string, other: string): number {
  const [[a, x], [b, y]] = [one, other].map((text) => {
    const [numbers = '', extra] = text.split(/-(.*)/s);
    return [numbers.split('.').map(Number), extra] as const;
  }) as [readonly [number[], string | undefined], readonly [number[], string | undefined]];
  for (const index of [0, 1, 2]) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (x === y) return 0;
  if (x === undefined || y === undefined) return x === undefined ? 1 : -1;
  return x < y ? -1 : 1;
}
