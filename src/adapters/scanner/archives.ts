import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import yauzl from 'yauzl';

/** What may be looked into: an archive in an archive in an archive. Deeper, or larger, is said to be not examined. */
export const depthMax = 3;
const memberBytesMax = 32 * 1024 * 1024;
/** Of all that one content unfolds to: what a bomb may cost. */
const unfoldedBytesMax = 256 * 1024 * 1024;
const membersMax = 10_000;

/** What is left to spend on one content. */
export interface Purse {
  bytes: number;
  members: number;
}
export const fullPurse = (): Purse => ({ bytes: unfoldedBytesMax, members: membersMax });

export type Member = { path: string; content: Buffer } | { path: string; notExamined: string };

/** What stands directly inside an archive, as far as the purse goes; nothing where the content is none. */
export async function* membersOf(content: Buffer, purse: Purse): AsyncGenerator<Member> {
  if (content.readUInt32LE(0) === 0x0403_4b50) yield* zipMembers(content, purse);
  else if (content[0] === 0x1f && content[1] === 0x8b) yield gunzipped(content, purse);
  else yield* tarMembers(content, purse);
}

export const isArchive = (content: Buffer): boolean =>
  content.length >= 22 &&
  (content.readUInt32LE(0) === 0x0403_4b50 || (content[0] === 0x1f && content[1] === 0x8b) || isTar(content));

const isTar = (content: Buffer): boolean => content.length >= 512 && content.toString('latin1', 257, 262) === 'ustar';

const openZip = promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer);

async function* zipMembers(content: Buffer, purse: Purse): AsyncGenerator<Member> {
  let zip: yauzl.ZipFile;
  try {
    zip = await openZip(content, { lazyEntries: true, autoClose: false, decodeStrings: true });
  } catch (error) {
    yield { path: '', notExamined: `its list of content cannot be read: ${said(error)}` };
    return;
  }
  try {
    for await (const entry of zip.eachEntry()) {
      const path = entry.fileName;
      if (path.endsWith('/')) continue;
      if (purse.members-- <= 0) {
        yield { path, notExamined: `holds more than ${membersMax} members` };
        return;
      }
      const refused = entry.isEncrypted() ? 'is protected by a password' : tooLarge(entry.uncompressedSize, purse);
      yield refused === undefined ? await zipMember(zip, entry, purse) : { path, notExamined: refused };
    }
  } catch (error) {
    yield { path: '', notExamined: `cannot be read to its end: ${said(error)}` };
  }
}

async function zipMember(zip: yauzl.ZipFile, entry: yauzl.Entry, purse: Purse): Promise<Member> {
  const path = entry.fileName;
  try {
    const stream = await promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip))(entry);
    const pieces: Buffer[] = [];
    // yauzl ends the stream with an error where it grows longer than the entry says.
    for await (const piece of stream) pieces.push(Buffer.from(piece));
    const content = Buffer.concat(pieces);
    purse.bytes -= content.length;
    return { path, content };
  } catch (error) {
    return { path, notExamined: `cannot be unfolded: ${said(error)}` };
  }
}

function tooLarge(bytes: number, purse: Purse): string | undefined {
  if (bytes > memberBytesMax) return `unfolds to ${bytes} bytes: more than ${memberBytesMax} are not looked at`;
  return bytes > purse.bytes ? `all it holds unfolds to more than ${unfoldedBytesMax} bytes` : undefined;
}

function gunzipped(content: Buffer, purse: Purse): Member {
  try {
    const plain = gunzipSync(content, { maxOutputLength: Math.max(1, Math.min(memberBytesMax, purse.bytes)) });
    purse.bytes -= plain.length;
    purse.members -= 1;
    return { path: '', content: plain };
  } catch (error) {
    const bound =
      error instanceof RangeError ||
      (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE');
    return {
      path: '',
      notExamined: bound ? `unfolds to more than ${memberBytesMax} bytes` : `cannot be unfolded: ${said(error)}`,
    };
  }
}

/** POSIX ustar (IEEE Std 1003.1, pax): headers of 512 bytes, each content padded to a multiple of it. Nothing is copied. */
function* tarMembers(content: Buffer, purse: Purse): Generator<Member> {
  let at = 0;
  while (at + 512 <= content.length && content[at] !== 0) {
    const path = content.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(
      content
        .toString('latin1', at + 124, at + 136)
        .replace(/\0.*$/s, '')
        .trim() || '0',
      8,
    );
    const kind = String.fromCharCode(content[at + 156] ?? 0);
    if (!Number.isSafeInteger(size) || size < 0 || at + 512 + size > content.length) {
      yield { path, notExamined: 'its archive ends before it does' };
      return;
    }
    if (purse.members-- <= 0) {
      yield { path, notExamined: `holds more than ${membersMax} members` };
      return;
    }
    if (kind === '0' || kind === '\0') yield { path, content: content.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

const said = (error: unknown): string => (error instanceof Error ? error.message.slice(0, 200) : 'unknown');
