import { createHash, hash } from 'node:crypto';
import { canonical } from './canonical.ts';
import type { Countersignature } from './countersign.ts';
import type { Checkpoint, CheckpointSigner, Head } from './ports.ts';
import type { Fields } from './verify.ts';

/**
 * A journal, or a stretch of it, as a file of JSON lines that proves itself:
 * header; checkpoints and countersignatures; keys of private parts where they were asked for; each document, then the entry
 * that names it, as stored; last, the manifest, signed by the key that seals the journal. The manifest holds the hash of all
 * that is before it, and of each block of lines, so that a changed byte is named where it stands.
 */
export interface ExportHeader {
  kind: 'reflexe-journal-export';
  version: 1;
  establishment: string;
  /** The place before the first entry. Nothing before it is in the file. */
  after: Head;
  to: Head;
  made: string;
  /** True where keys of private parts are in the file: whoever holds it reads them, also after they are erased elsewhere. */
  withPrivate: boolean;
}

export interface ExportManifest extends ExportHeader {
  lines: number;
  bytes: number;
  sha256: string;
  blockLines: number;
  blocks: string[];
}

export const blockLines = 256;
/** A document's line is the longest there may be; its characters may be of up to four bytes. */
export const lineBytesMax = 4 * 256 * 1_048_576 + 4_096;

export const lineOf = {
  header: (header: ExportHeader): string => JSON.stringify({ header }),
  checkpoint: (checkpoint: Checkpoint): string => JSON.stringify({ checkpoint }),
  countersignature: (countersignature: Countersignature): string => JSON.stringify({ countersignature }),
  key: (keyId: string, key: Uint8Array): string => JSON.stringify({ key: Buffer.from(key).toString('base64'), keyId }),
  document: (name: string, text: string): string => `{"document":${text},"name":"${name}"}`,
  entry: (form: string, entryHash: string): string => `{"entry":${form},"hash":"${entryHash}"}`,
};

/** Counts and hashes lines as they are written or read. Each is given without its line break. */
export function tally() {
  const whole = createHash('sha256');
  const blocks: string[] = [];
  let block = createHash('sha256');
  let lines = 0;
  let bytes = 0;
  return {
    add(line: Uint8Array): void {
      for (const hashed of [whole, block]) hashed.update(line).update('\n');
      bytes += line.length + 1;
      lines += 1;
      if (lines % blockLines !== 0) return;
      blocks.push(block.digest('hex'));
      block = createHash('sha256');
    },
    finish() {
      if (lines % blockLines !== 0) blocks.push(block.digest('hex'));
      return { lines, bytes, sha256: whole.digest('hex'), blockLines, blocks };
    },
  };
}

export interface ExportWriter {
  /** The bytes of a line, to be written as they are. */
  line(text: string): Uint8Array;
  /** The last line. */
  manifest(header: ExportHeader, signer: CheckpointSigner): Uint8Array;
}

export function createExportWriter(): ExportWriter {
  const counted = tally();
  return {
    line(text) {
      const bytes = Buffer.from(text);
      counted.add(bytes);
      return Buffer.concat([bytes, lineBreak]);
    },
    manifest(header, signer) {
      const manifest: ExportManifest = { ...header, ...counted.finish() };
      const signature = signer.sign(canonical(manifest));
      return Buffer.from(`${JSON.stringify({ manifest, publicKey: signer.publicKey, signature })}\n`);
    },
  };
}
const lineBreak = Buffer.from('\n');

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function placeOf(value: unknown): Head | undefined {
  if (!isFields(value)) return undefined;
  const { epoch, sequence, hash: entryHash } = value;
  const whole = typeof epoch === 'number' && Number.isSafeInteger(sequence) && typeof entryHash === 'string';
  return whole ? { epoch, sequence: Number(sequence), hash: entryHash } : undefined;
}

/** Fields in the order they are written: a manifest is compared with its own spelling. */
export function headerOf(value: unknown): ExportHeader | undefined {
  if (!isFields(value)) return undefined;
  const { kind, version, establishment, made, withPrivate } = value;
  const [after, to] = [placeOf(value.after), placeOf(value.to)];
  if (kind !== 'reflexe-journal-export' || version !== 1 || after === undefined || to === undefined) return undefined;
  if (typeof establishment !== 'string' || typeof made !== 'string' || typeof withPrivate !== 'boolean')
    return undefined;
  return { kind, version, establishment, after, to, made, withPrivate };
}

export function manifestOf(value: unknown): ExportManifest | undefined {
  const header = headerOf(value);
  if (header === undefined || !isFields(value)) return undefined;
  const { lines, bytes, sha256: whole, blockLines: size, blocks } = value;
  if (typeof lines !== 'number' || typeof bytes !== 'number' || typeof whole !== 'string') return undefined;
  if (size !== blockLines || !Array.isArray(blocks) || !blocks.every((block) => typeof block === 'string')) {
    return undefined;
  }
  return { ...header, lines, bytes, sha256: whole, blockLines, blocks };
}

/** A short name of a public key, to compare by voice: the first 16 digits of its hash. */
export const keyName = (publicKey: string): string =>
  hash('sha256', Buffer.from(publicKey, 'base64'), 'hex').slice(0, 16);
