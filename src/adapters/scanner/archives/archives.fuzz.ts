import { gzipSync, zstdCompressSync } from 'node:zlib';
import { compressedFormat } from '../../../restore/signs.ts';
import { ContentExaminer } from '../examine.ts';
import { tarEntry, tarred, zipped } from './fixture.ts';
import { membersOf } from './members.ts';

const text = Buffer.from('some text\n'.repeat(20));
/** Of a member nothing is held that is longer than what it is given to unfold. */
const unfoldedMax = 1 << 22;

/** Whatever the bytes: members are read to their end or said to be not examined, and none lies outside its archive. */
export const fuzz = {
  name: 'archives',
  seeds: (): Uint8Array[] => {
    const tar = tarred(
      tarEntry('a/b.txt', text),
      tarEntry('././@LongLink', Buffer.from(`${'long/'.repeat(30)}\0`), 'L'),
      tarEntry('x', text),
      tarEntry('l', Buffer.of(), '2'),
    );
    const zip = zipped(
      { name: 'a.txt', content: text },
      { name: '../b', content: text, claimedBytes: 5 },
      { name: 'c', isEncrypted: true },
    );
    const pax = tarred(tarEntry('head', Buffer.from('17 path=caf\xe9.txt\n', 'latin1'), 'x'), tarEntry('y', text));
    return [
      tar,
      zip,
      pax,
      gzipSync(tar),
      zstdCompressSync(zip),
      zipped({ name: 'in.zip', content: zip }),
      Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1'),
    ];
  },
  async run(input: Uint8Array): Promise<void> {
    const content = Buffer.from(input);
    for await (const member of membersOf(content, compressedFormat(content) ?? null) ?? []) {
      if (member.torn !== undefined && (member.torn.from < 0 || member.torn.to > content.length))
        throw new Error(`${member.path} lies outside its archive`);
      if ('notExamined' in member) continue;
      try {
        let bytes = 0;
        for await (const piece of member.pieces) {
          bytes += piece.length;
          if (bytes > unfoldedMax) break;
        }
      } catch (error) {
        if (!(error instanceof Error)) throw new Error('what is thrown says nothing');
      }
    }
    const examiner = new ContentExaminer(() => [], content.length);
    await examiner.window(content, 0);
    const { notExamined, inside } = examiner.end();
    if (notExamined.length > 101 || inside.length > 0) throw new Error('more is told than there is');
  },
};
