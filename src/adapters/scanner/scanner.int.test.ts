import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContentFacts } from '../../restore/cleanPoint/content.ts';
import { tarEntry, tarred, zipped } from './archives/fixture.ts';
import { wholeBytesMax } from './examine.ts';
import type { RuleText } from './frames.ts';
import { ordinaryLimits, Scanner } from './scanner.ts';

const planted = 'REFLEXE-PLANTED-SIGN';
const rules: RuleText[] = [
  { file: 'planted.yar', text: `rule planted { strings: $a = "${planted}" condition: $a }` },
  { file: 'twice.yar', text: 'rule twice { strings: $a = "half" condition: #a == 2 and filesize == 12 }' },
  { file: 'broken.yar', text: 'rule broken { condition: nowhere }' },
  // The same name as another file's: both stand.
  { file: 'other.yar', text: 'rule planted { strings: $a = "OTHER-SIGN" condition: $a }' },
];

async function* whole(...pieces: Uint8Array[]) {
  yield* pieces;
}

async function started(limits = ordinaryLimits): Promise<Scanner> {
  const scanner = await Scanner.start(rules, limits);
  if (!scanner.ok) throw new Error(`${scanner.refusal.message} ${scanner.refusal.kept}`);
  return scanner.value;
}

describe('a scanner', () => {
  let scanner: Scanner;
  beforeAll(async () => {
    scanner = await started();
  }, 60_000);
  afterAll(() => scanner?.end());
  const examine = (content: Buffer | string): Promise<ContentFacts> =>
    scanner.examine(Buffer.byteLength(content), () => whole(Buffer.from(content)));

  test('names the rules it cannot apply, and applies the others', async () => {
    expect(scanner.ready.engine).toBe('yara-x');
    expect(scanner.ready.refused.map(({ file }) => file)).toEqual(['broken.yar']);
    expect(scanner.ready.refused[0]?.reason).toContain('nowhere');
    expect((await examine(`… ${planted} …`)).rules).toEqual(['planted']);
    expect((await examine('OTHER-SIGN')).rules).toEqual(['planted']);
    expect(await examine('nothing')).toMatchObject({ bytes: 7, rules: [], inside: [], notExamined: [] });
    expect(await examine('')).toMatchObject({ bytes: 0, rules: [], notExamined: [] });
  });

  test('sees a content whole, however it comes in pieces', async () => {
    const [one, other] = [Buffer.from('half..'), Buffer.from('..half')];
    expect((await scanner.examine(12, () => whole(one, other))).rules).toEqual(['twice']);
    const split = [Buffer.from(`x${planted.slice(0, 9)}`), Buffer.from(planted.slice(9))];
    expect((await scanner.examine(planted.length + 1, () => whole(...split))).rules).toEqual(['planted']);
  });

  test('scans what is too large to be held in parts that overlap, and says so', async () => {
    const piece = Buffer.alloc(wholeBytesMax / 2);
    const marked = Buffer.from(piece);
    marked.write(planted, marked.length - 10);
    const rest = Buffer.alloc(planted.length - 10 + 5);
    rest.write(planted.slice(10));
    const found = await scanner.examine(piece.length * 2 + rest.length, () =>
      whole(piece, marked.subarray(0, -10), Buffer.from(planted.slice(0, 10)), rest),
    );
    expect(found.rules).toEqual(['planted']);
    expect(found.notExamined).toEqual([expect.stringContaining('scanned in parts')]);
  });

  test('looks into archives', async () => {
    const note = Buffer.from(`inside: ${planted}`);
    const inside = async (content: Buffer) => {
      const { rules: outer, inside: found, notExamined } = await examine(content);
      return { outer, found: found.map(({ path }) => path), notExamined };
    };
    expect(await inside(zipped({ name: 'a/note.txt', content: note }))).toEqual({
      outer: [],
      found: ['a/note.txt'],
      notExamined: [],
    });
    // A tar holds its files as they are: what matches in one matches in the whole of it.
    expect((await inside(gzipSync(tarred(tarEntry('note.txt', note))))).found).toEqual(['', 'note.txt']);
  });

  test('that is killed costs the content it was looking at, and no other', async () => {
    async function* killing() {
      yield Buffer.alloc(500_000);
      process.kill(scanner.pid ?? 0, 'SIGKILL');
      // Behind walls the process outside goes first, the one inside with it.
      while (scanner.pid !== undefined) await setImmediate();
      yield Buffer.alloc(500_000);
    }
    const { notExamined } = await scanner.examine(1_000_000, killing);
    expect(notExamined).toEqual([expect.stringContaining('was ended by SIGKILL')]);
    expect((await examine(planted)).rules).toEqual(['planted']);
    expect(scanner.restarts).toBe(1);
  });

  test('stays where its content cannot be read to the end', async () => {
    async function* broken() {
      yield Buffer.from('some');
      throw new Error('unreadable');
    }
    await expect(scanner.examine(100, broken)).rejects.toThrow('unreadable');
    expect((await examine(planted)).rules).toEqual(['planted']);
  });

  test('sees random bytes for what they are', async () => {
    const { format, evenness } = await examine(Buffer.concat([randomBytes(40_960), Buffer.alloc(40_960, 'text ')]));
    expect(format).toBeNull();
    expect(evenness).toMatchObject({ blocks: 20, head: true, tail: false });
    expect(evenness.even).toBeGreaterThan(8);
  });
});

test('a content that takes too long is given up, and said to be', async () => {
  await using scanner = await started({ ...ordinaryLimits, contentMilliseconds: 1000, megabyteMilliseconds: 0 });
  async function* endless() {
    yield Buffer.alloc(10);
    while (scanner.pid !== undefined) await setImmediate();
  }
  const { notExamined } = await scanner.examine(1_000_000, endless);
  expect(notExamined).toEqual([expect.stringContaining('took more than')]);
}, 30_000);
