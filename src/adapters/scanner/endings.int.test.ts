import { hash } from 'node:crypto';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { wholeBytesMax } from './examine.ts';
import type { RuleText } from './frames.ts';
import { BrokenBlob, ordinaryLimits, Scanner } from './scanner.ts';

const planted = 'REFLEXE-PLANTED-SIGN';
const rules: RuleText[] = [{ file: 'planted.yar', text: `rule planted { strings: $a = "${planted}" condition: $a }` }];
const sha256 = (bytes: Buffer): string => hash('sha256', bytes, 'hex');
const whole = (...pieces: Uint8Array[]) => pieces;

async function started(): Promise<Scanner> {
  const scanner = await Scanner.start(rules);
  if (!scanner.ok) throw new Error(`${scanner.refusal.message} ${scanner.refusal.kept}`);
  return scanner.value;
}

test('of contents on their way when it is ended, each is asked again, alone: none is lost', async () => {
  await using scanner = await started();
  let endings = 0;
  async function* ending() {
    yield Buffer.from('some');
    if (endings++ > 0) return;
    process.kill(scanner.pid ?? 0, 'SIGKILL');
    while (scanner.pid !== undefined) await setImmediate();
  }
  const found = await Promise.all([
    scanner.examine(planted.length, () => whole(Buffer.from(planted))),
    scanner.examine(4, ending),
    scanner.examine(planted.length, () => whole(Buffer.from(planted))),
  ]);
  expect(found.map(({ rules: matched, notExamined }) => [matched, notExamined])).toEqual([
    [['planted'], []],
    [[], []],
    [['planted'], []],
  ]);
  expect(scanner.restarts).toBe(1);
}, 30_000);

test('a content for which its memory does not suffice is not examined, and the next one is', async () => {
  // What it needs to start, found in steps, and one step more, so that it starts again too: together less than the content.
  const step = 24 * 1024 * 1024;
  let scanner: Scanner | undefined;
  for (let dataBytes = 12 * step; scanner === undefined && dataBytes < 4 * 1024 ** 3; dataBytes += step) {
    const least = await Scanner.start(rules, { ...ordinaryLimits, dataBytes });
    if (!least.ok) continue;
    await least.value[Symbol.asyncDispose]();
    const found = await Scanner.start(rules, { ...ordinaryLimits, dataBytes: dataBytes + step });
    if (found.ok) scanner = found.value;
  }
  if (scanner === undefined) throw new Error('no scanner starts in 4 GB');
  await using narrow = scanner;
  const [large, next] = await Promise.all([
    narrow.examine(wholeBytesMax, () => whole(Buffer.alloc(wholeBytesMax, 'ab'))),
    narrow.examine(planted.length, () => whole(Buffer.from(planted))),
  ]);
  expect(large.notExamined).toEqual([expect.stringContaining('while it looked at this content')]);
  expect(large.failed).toBe(true);
  expect(next.rules).toEqual(['planted']);
}, 120_000);

test('a blob is unpacked and verified by the scanner; one that is not what its id names tells nothing', async () => {
  await using scanner = await started();
  const plain = Buffer.from(`… ${planted} …`);
  const packed = { plainLength: plain.length, compressed: true, bytes: zstdCompressSync(plain), id: sha256(plain) };
  const asIs = { ...packed, compressed: false, bytes: plain };
  expect((await scanner.examine(plain.length, () => [packed])).rules).toEqual(['planted']);
  expect((await scanner.examine(plain.length * 3, () => [packed, asIs, plain])).rules).toEqual(['planted']);
  const another = Buffer.from('another');
  const told = { plainLength: another.length, compressed: true, bytes: zstdCompressSync(another), id: sha256(another) };
  const lies = [
    { ...packed, id: told.id },
    { ...told, plainLength: 5 },
    { ...told, compressed: false },
    { ...told, bytes: another },
  ];
  for (const lie of lies) await expect(scanner.examine(plain.length, () => [lie])).rejects.toThrow(BrokenBlob);
  expect((await scanner.examine(plain.length, () => [packed])).rules).toEqual(['planted']);
  expect(scanner.restarts).toBe(0);
}, 30_000);

test('a content longer than it was said to be is scanned all the same', async () => {
  await using scanner = await started();
  const long = Buffer.concat([Buffer.alloc(5_000_000, 'x'), Buffer.from(planted)]);
  expect((await scanner.examine(10, () => whole(long))).rules).toEqual(['planted']);
}, 30_000);
