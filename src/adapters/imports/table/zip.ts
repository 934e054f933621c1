import { promisify } from 'node:util';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';

/** Entries of one workbook looked at, and bytes one of them may unfold to: a few megabytes can hold a thousand times more. */
const entriesMax = 2000;
const entryBytesMax = 64 * 1024 * 1024;
/** Bytes all entries read may unfold to. */
const totalBytesMax = 96 * 1024 * 1024;

/** Why an archive was not read any further: a code, in words where it is met. */
export class ZipRefused extends Error {}

const open = promisify((bytes: Buffer, done: (error: Error | null, zip: ZipFile) => void) =>
  fromBuffer(bytes, { lazyEntries: true, validateEntrySizes: true }, done),
);

/** The entries of an archive that are asked for, by name; refused where they would unfold beyond all measure. */
export async function unzipped(bytes: Uint8Array, wanted: (name: string) => boolean): Promise<Map<string, Uint8Array>> {
  const zip = await open(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  try {
    if (zip.entryCount > entriesMax) throw new ZipRefused(`${zip.entryCount} entries; at most ${entriesMax} are read`);
    const found = new Map<string, Uint8Array>();
    let total = 0;
    for (let entry = await next(zip); entry !== undefined; entry = await next(zip)) {
      if (!wanted(entry.fileName)) continue;
      const content = await contentOf(zip, entry, Math.min(entryBytesMax, totalBytesMax - total));
      total += content.byteLength;
      found.set(entry.fileName, content);
    }
    return found;
  } finally {
    zip.close();
  }
}

function next(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settled = (settle: () => void) => {
      zip.removeListener('entry', one);
      zip.removeListener('end', end);
      zip.removeListener('error', failed);
      settle();
    };
    const one = (entry: Entry) => settled(() => resolve(entry));
    const end = () => settled(() => resolve(undefined));
    const failed = (error: Error) => settled(() => reject(error));
    zip.on('entry', one);
    zip.on('end', end);
    zip.on('error', failed);
    zip.readEntry();
  });
}

/** What an entry says of its size may be untrue: what comes out is counted. */
async function contentOf(zip: ZipFile, entry: Entry, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = () => new ZipRefused(`\`${entry.fileName}\` unfolds to more than ${bytesMax} bytes`);
  if (entry.uncompressedSize > bytesMax) throw tooLarge();
  const stream = await promisify(
    zip.openReadStream.bind(zip) as (
      entry: Entry,
      done: (error: Error | null, stream: AsyncIterable<Buffer>) => void,
    ) => void,
  )(entry);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > bytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
