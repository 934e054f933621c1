import type { FuzzTarget } from '../../scripts/fuzz/target.ts';
import { parseCode } from './code.ts';
import { sealedEntries } from './contract.ts';
import { countersign, judge, readCountersignature, readRequest } from './countersign.ts';
import { createExportWriter, type ExportHeader, lineOf } from './exportFile.ts';
import { createExportVerifier } from './exportVerifier.ts';
import { documentHash, documentText, emptyHead, formOf, newSealKey, signCheckpoint, signerFrom } from './seal.ts';

const time = '2026-11-22T03:00:00.000Z';
const signer = signerFrom(newSealKey());
const wards = ['réanimation', 'urgences 🏥'];

function seeds(): Uint8Array[] {
  const named = documentHash(wards);
  const entries = [...sealedEntries(emptyHead, 1, { data: { document: named }, documents: [named] })];
  const [first] = entries;
  if (first === undefined) throw new Error('there is one entry');
  const to = { epoch: 1, sequence: 1, hash: first.hash };
  const checkpoint = signCheckpoint(signer, 'hospital-a', to, time);
  const countersignature = countersign(signerFrom(newSealKey()), checkpoint, 'hospital-b', time);
  const header: ExportHeader = {
    kind: 'reflexe-journal-export',
    version: 1,
    establishment: 'hospital-a',
    after: emptyHead,
    to,
    made: time,
    withPrivate: true,
  };
  const writer = createExportWriter();
  const lines = [
    lineOf.header(header),
    lineOf.checkpoint(checkpoint),
    lineOf.countersignature(countersignature),
    lineOf.key('k1', new Uint8Array(32)),
    lineOf.document(named, documentText(wards)),
    lineOf.entry(formOf(first), first.hash),
  ].map((line) => writer.line(line));
  const request = { checkpoint, since: emptyHead, forms: entries.map(formOf) };
  return [
    Buffer.concat([...lines, writer.manifest(header, signer)]),
    Buffer.from(
      `${JSON.stringify(request)}\n${JSON.stringify(countersignature)}\n1-4211-0000-0000-0000-0000-0000-0000-0000`,
    ),
  ];
}

/** An export, a request to countersign, an answer, a code: read or refused, never a crash, whatever the bytes. */
function run(input: Uint8Array): void {
  const bytes = Buffer.from(input);
  const verifier = createExportVerifier();
  for (const line of bytes.toString('latin1').split('\n')) {
    verifier.add(Buffer.from(line, 'latin1'));
    const text = Buffer.from(line, 'latin1').toString();
    parseCode(text);
    const value = jsonIn(text);
    readCountersignature(value);
    const request = readRequest(value);
    if (request !== undefined) judge(request, [request.checkpoint], 'hospital-b');
  }
  const { ok, firstBad } = verifier.finish(bytes.at(-1) === 10);
  if (ok === (firstBad !== undefined)) throw new Error('an export is whole exactly when nothing is bad in it');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const fuzz: FuzzTarget = { name: 'journal export', seeds, run };
