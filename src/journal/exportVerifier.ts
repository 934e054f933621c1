import { createPublicKey, verify } from 'node:crypto';
import { canonical } from './canonical.ts';
import {
  type Countersignature,
  countersignatureIsGenuine,
  readCheckpoint,
  readCountersignature,
} from './countersign.ts';
import {
  blockLines,
  type ExportHeader,
  type ExportManifest,
  headerOf,
  lineOf,
  manifestOf,
  tally,
} from './exportFile.ts';
import type { Head } from './ports.ts';
import { checkpointIsGenuine, sha256 } from './seal.ts';
import { createVerifier, fieldsOf, type Verdict } from './verify.ts';

export interface ExportVerdict extends Omit<Verdict, 'firstBad'> {
  establishment: string;
  after: Head;
  made: string;
  withPrivate: boolean;
  /** The key that signed the manifest. */
  signedBy: string;
  countersignatures: Countersignature[];
  /** `line` counts from 1; `lines` where only a block of lines is known to be altered. */
  firstBad?: { line: number; lastLine?: number; sequence?: number; reason: string };
}

export interface ExportVerifier {
  /** The next line, without its line break. `isLast`: the file ends after it. */
  add(line: Uint8Array): void;
  /** `endsWhole`: the last line ended with a line break. */
  finish(endsWhole: boolean): ExportVerdict;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(line: Uint8Array): string | undefined {
  try {
    return utf8.decode(line);
  } catch {
    return undefined;
  }
}
const entryEnd = /,"hash":"([0-9a-f]{64})"\}$/;
const documentEnd = /,"name":"(sha256:[0-9a-f]{64})"\}$/;
const noHead: Head = { epoch: 1, sequence: 0, hash: '' };

/** Checks an export line by line, in memory bounded by one line and the names of documents. */
export function createExportVerifier(options: { anchor?: Head | undefined } = {}): ExportVerifier {
  const counted = tally();
  let header: ExportHeader | undefined;
  let verifier = createVerifier();
  const documents = new Set<string>();
  let held: Uint8Array | undefined;
  let number = 0;
  let lastSequence = 0;
  /** Lines of the last entries: the chain may blame the one before. */
  const lineOfEntry = new Map<number, number>();
  const countersignatures: Countersignature[] = [];
  let firstBad: ExportVerdict['firstBad'];
  const bad = (line: number, reason: string, more: { lastLine?: number; sequence?: number } = {}): void => {
    firstBad ??= { line, ...more, reason };
  };

  function entry(form: string, entryHash: string): void {
    const fields = fieldsOf(form);
    const { sequence, epoch } = fields ?? {};
    if (typeof sequence !== 'number' || typeof epoch !== 'number') {
      bad(number, 'altered: it is not an entry');
      return;
    }
    lineOfEntry.set(sequence, number);
    lineOfEntry.delete(sequence - 4);
    const named = verifier.add({ sequence, epoch, hash: entryHash, form }, fields);
    if (named === false) {
      const first = verifier.finish().firstBad;
      if (first === undefined) return;
      bad(lineOfEntry.get(first.sequence) ?? number, first.reason, { sequence: first.sequence });
      return;
    }
    lastSequence = sequence;
    const missing = named.find((name) => !documents.has(name));
    if (missing !== undefined) bad(number, `its document ${missing} is not before it`, { sequence });
  }

  function document(text: string, name: string): void {
    if (`sha256:${sha256(text)}` === name) documents.add(name);
    else bad(number, `altered: document ${name} does not have its hash`);
  }

  /** What is wrong with a line that is neither entry nor document. */
  function other(text: string): string | undefined {
    const fields = fieldsOf(text);
    if (fields !== undefined && 'checkpoint' in fields) {
      const checkpoint = readCheckpoint(fields.checkpoint);
      if (checkpoint === undefined || !checkpointIsGenuine(checkpoint) || lineOf.checkpoint(checkpoint) !== text) {
        return 'a checkpoint is not signed by the key it names';
      }
      verifier.expect(checkpoint);
      return undefined;
    }
    if (fields !== undefined && 'countersignature' in fields) {
      const one = readCountersignature(fields.countersignature);
      if (one === undefined || !countersignatureIsGenuine(one) || lineOf.countersignature(one) !== text) {
        return 'a countersignature is not signed by the keys it names';
      }
      countersignatures.push(one);
      return undefined;
    }
    if (fields !== undefined && 'key' in fields) {
      const { key, keyId } = fields;
      const whole = typeof key === 'string' && Buffer.from(key, 'base64').length === 32 && typeof keyId === 'string';
      return whole && header?.withPrivate === true ? undefined : 'a key stands where none should';
    }
    return 'it is not a line of an export';
  }

  function read(line: Uint8Array): void {
    number += 1;
    counted.add(line);
    if (firstBad !== undefined) return;
    const text = textOf(line);
    if (text === undefined) {
      bad(number, 'altered: it is not UTF-8 text');
      return;
    }
    if (number === 1) {
      header = headerOf(fieldsOf(text)?.header);
      if (header === undefined || lineOf.header(header) !== text) {
        bad(1, 'it does not begin as an export of a journal');
        return;
      }
      const { after, establishment } = header;
      verifier = createVerifier({ establishment, after, anchor: options.anchor });
      return;
    }
    const entryHash = text.startsWith('{"entry":') ? entryEnd.exec(text.slice(-80)) : null;
    const name = text.startsWith('{"document":') ? documentEnd.exec(text.slice(-90)) : null;
    if (entryHash !== null) entry(text.slice(9, -entryHash[0].length), entryHash[1] ?? '');
    else if (name !== null) document(text.slice(12, -name[0].length), name[1] ?? '');
    else {
      const wrong = other(text);
      if (wrong !== undefined) bad(number, `altered: ${wrong}`);
    }
  }

  function manifest(line: Uint8Array | undefined, endsWhole: boolean): string {
    const last = number + 1;
    const text = line === undefined ? undefined : textOf(line);
    const fields = text === undefined ? undefined : fieldsOf(text);
    const found = manifestOf(fields?.manifest);
    if (found === undefined || !endsWhole) {
      bad(last, 'cut: the file does not end with its manifest');
      return '';
    }
    const { publicKey, signature } = fields ?? {};
    if (typeof publicKey !== 'string' || typeof signature !== 'string' || !isSigned(found, publicKey, signature)) {
      bad(last, 'altered: the manifest is not signed by the key it names');
      return '';
    }
    // The signature covers what the line says, not how it is spelled: a space added is an altered byte too.
    const spelled = JSON.stringify({ manifest: found, publicKey, signature });
    if (line === undefined || spelled !== utf8.decode(line))
      bad(last, 'altered: the manifest is not written as signed');
    compare(found);
    return publicKey;
  }

  function compare(found: ExportManifest): void {
    const seen = counted.finish();
    const at = seen.blocks.findIndex((block, index) => block !== found.blocks[index]);
    if (at >= 0 || seen.lines !== found.lines || seen.sha256 !== found.sha256 || seen.bytes !== found.bytes) {
      const from = (at < 0 ? seen.blocks.length : at) * blockLines;
      const lastLine = Math.min(from + blockLines, Math.max(seen.lines, from + 1));
      bad(from + 1, 'altered: these lines are not the ones the manifest was signed over', { lastLine });
    }
    const { lines, bytes, sha256: _, blockLines: __, blocks, ...claimed } = found;
    if (header !== undefined && canonical(claimed) !== canonical(header))
      // Whatever an entry was blamed for, it was judged by a false header.
      firstBad = { line: 1, reason: 'altered: it is not the header the manifest was signed over' };
    if (lastSequence !== found.to.sequence && found.to.sequence !== found.after.sequence) {
      bad(number + 1, `missing: the manifest names entry ${found.to.sequence}`);
    }
  }

  return {
    // One line behind: the last one is the manifest, and is not among what it counts.
    add(line) {
      if (held !== undefined) read(held);
      held = line;
    },
    finish(endsWhole) {
      const signedBy = manifest(held, endsWhole);
      const { firstBad: chainBad, ok, ...verdict } = verifier.finish();
      if (chainBad !== undefined) {
        bad(lineOfEntry.get(chainBad.sequence) ?? number, chainBad.reason, { sequence: chainBad.sequence });
      }
      return {
        ...verdict,
        ok: ok && firstBad === undefined && header !== undefined,
        establishment: header?.establishment ?? '',
        after: header?.after ?? noHead,
        made: header?.made ?? '',
        withPrivate: header?.withPrivate ?? false,
        signedBy,
        countersignatures,
        ...(firstBad && { firstBad }),
      };
    },
  };
}

/** Base64 has several spellings of the same bytes: one is ours. */
const isSpelled = (text: string): boolean => Buffer.from(text, 'base64').toString('base64') === text;

function isSigned(manifest: ExportManifest, publicKey: string, signature: string): boolean {
  if (!isSpelled(publicKey) || !isSpelled(signature)) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, Buffer.from(canonical(manifest)), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
