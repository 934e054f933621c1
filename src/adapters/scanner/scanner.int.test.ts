import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContentFacts } from '../../restore/cleanPoint/content.ts';
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

  test('looks into archives, and into archives inside them, as deep as it says', async () => {
    const note = Buffer.from(`inside: ${planted}`);
    const inside = async (content: Buffer) => {
      const { rules: outer, inside: found, notExamined } = await examine(content);
      return { outer, found: found.map(({ path }) => path), notExamined };
    };
    expect(await inside(zipped('a/note.txt', note))).toEqual({ outer: [], found: ['a/note.txt'], notExamined: [] });
    // A tar holds its files as they are: what matches in one matches in the whole of it.
    expect((await inside(gzipSync(tarred('note.txt', note)))).found).toEqual(['', 'note.txt']);
    const three = zipped('2.zip', zipped('1.zip', zipped('note.txt', note)));
    expect((await inside(three)).found).toEqual(['2.zip!1.zip!note.txt']);
    expect(await inside(zipped('3.zip', three))).toEqual({
      outer: [],
      found: [],
      notExamined: ['3.zip!2.zip!1.zip is an archive inside 3 others: not looked into'],
    });
  });

  test('of a bomb says what it is, and stays within its bounds', async () => {
    const claimed = zipped('zeros', Buffer.alloc(1000), 10_000_000_000);
    expect((await examine(claimed)).notExamined).toEqual([expect.stringContaining('zeros')]);
    const bomb = gzipSync(Buffer.alloc(80_000_000));
    expect((await examine(bomb)).notExamined).toEqual([expect.stringContaining('unfolds to more than')]);
    expect(scanner.restarts).toBe(0);
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

/** A ZIP of one member (APPNOTE 6.3.10), which may claim another size than it has. */
function zipped(name: string, content: Buffer, claimed = content.length): Buffer {
  const [path, packed] = [Buffer.from(name), deflateRawSync(content)];
  const size = Math.min(claimed, 0xffff_fffe);
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(8, 4);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(size, 18);
  shared.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, path, packed]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.of(20, 0), shared, Buffer.alloc(14), path]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

function tarred(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(512);
  head.write(name);
  head.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  head.write('0', 156);
  head.write('ustar\x0000', 257);
  return Buffer.concat([head, content, Buffer.alloc(512 - (content.length % 512)), Buffer.alloc(1024)]);
}
