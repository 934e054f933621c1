import { readSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { ContentExaminer, overlapBytes, wholeBytesMax } from './examine.ts';
import { ContentHead, frame, frameHeadBytes, RuleText, type Said } from './frames.ts';
import { compileRules, type Matcher } from './rules.ts';

/** A process of its own that looks at contents nobody trusts: it is given bytes, it says what it found, and may die of it. */
const head = Buffer.alloc(frameHeadBytes);
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Fills a buffer from standard input; false where the hub has closed it. */
function fill(room: Buffer): boolean {
  let filled = 0;
  while (filled < room.length) {
    try {
      const read = readSync(0, room, filled, room.length - filled, null);
      if (read === 0) return false;
      filled += read;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
  return true;
}

function nextFrame(): { kind: number; length: number } | undefined {
  return fill(head) ? { kind: head.readUInt8(0), length: head.readUInt32LE(1) } : undefined;
}

function payload<Value>(schema: z.ZodType<Value>, length: number): Value {
  const bytes = Buffer.allocUnsafe(length);
  if (!fill(bytes)) process.exit(0);
  return schema.parse(JSON.parse(bytes.toString('utf8')));
}

function say(said: Said): void {
  const line = Buffer.from(`${JSON.stringify(said)}\n`);
  for (let written = 0; written < line.length; ) {
    try {
      written += writeSync(1, line, written);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

/** Used again for every content: a new one each would first be filled with zeros. */
let room = Buffer.allocUnsafeSlow(1024 * 1024);

async function contentOf(match: Matcher, { number, bytes }: z.infer<typeof ContentHead>): Promise<void> {
  say({ said: 'begun', number });
  const wanted = Math.min(bytes, wholeBytesMax);
  if (room.length < wanted) room = Buffer.allocUnsafeSlow(wanted);
  const examiner = new ContentExaminer(match, bytes);
  let [filled, known] = [0, 0];
  for (let next = nextFrame(); next !== undefined; next = nextFrame()) {
    if (next.kind === frame.abandon) return;
    if (next.kind === frame.end) {
      if (filled > known || bytes === 0) await examiner.window(room.subarray(0, filled), known);
      say({ said: 'done', number, facts: examiner.end() });
      return;
    }
    for (let left = next.length; left > 0; ) {
      if (filled === wanted) {
        await examiner.window(room.subarray(0, filled), known);
        room.copyWithin(0, filled - overlapBytes, filled);
        [filled, known] = [overlapBytes, overlapBytes];
      }
      const part = Math.min(left, wanted - filled);
      if (!fill(room.subarray(filled, filled + part))) return;
      filled += part;
      left -= part;
    }
  }
}

const first = nextFrame();
if (first !== undefined) {
  const { engine, refused, match } = await compileRules(payload(z.array(RuleText), first.length));
  say({ said: 'ready', engine, refused });
  for (let next = nextFrame(); next !== undefined; next = nextFrame())
    await contentOf(match, payload(ContentHead, next.length));
}
