import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import { shown } from '../../backupTree/name.ts';
import type { Torn } from '../formats/torn.ts';
import type { Member } from './members.ts';

const openZip = promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer);
/** What an entry takes beside its name and its content (APPNOTE 6.3.10 §4.3.7). */
const headerBytes = 30;

/** Names are bytes, shown and never used: `..` and what is no UTF-8 is nothing special. */
export async function* zipMembers(content: Buffer): AsyncGenerator<Member> {
  let zip: yauzl.ZipFile;
  try {
    zip = await openZip(content, { lazyEntries: true, autoClose: false, decodeStrings: false });
  } catch (error) {
    const torn: Torn = { from: Math.max(0, content.length - 65_536), to: content.length, shows: 'broken' };
    yield { path: '', notExamined: `its list of content cannot be read: ${said(error)}`, torn };
    return;
  }
  try {
    for await (const entry of zip.eachEntry()) {
      const path = shown(entry.fileNameRaw);
      if (path.endsWith('/')) continue;
      const from = entry.relativeOffsetOfLocalHeader;
      const to = Math.min(content.length, from + headerBytes + entry.fileNameLength + entry.compressedSize);
      const torn: Torn = { from, to, shows: 'broken' };
      yield entry.isEncrypted()
        ? { path, notExamined: 'is protected by a password' }
        : { path, pieces: piecesOf(zip, entry), torn };
    }
  } catch (error) {
    const torn: Torn = { from: Math.max(0, content.length - 65_536), to: content.length, shows: 'broken' };
    yield { path: '', notExamined: `cannot be read to its end: ${said(error)}`, torn };
  }
}

/** yauzl ends the stream with an error where it is not as long as the entry says. */
async function* piecesOf(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  const stream = await promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip))(entry);
  let sum = 0;
  for await (const read of stream) {
    const piece = Buffer.from(read);
    sum = crc32(piece, sum);
    yield piece;
  }
  if (sum !== entry.crc32) throw new Error('its sum is not the one its archive tells');
}

const said = (error: unknown): string => (error instanceof Error ? error.message.slice(0, 200) : 'unknown');
