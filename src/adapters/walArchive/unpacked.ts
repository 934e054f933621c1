import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';

/** The largest segment PostgreSQL can be built with (`--with-wal-segsize`), and what is listed of a cluster's files. */
export const UNPACKED_BYTES_MAX = 1024 * 1024 * 1024;

const gunzipped = promisify(gunzip);
const unzstd = promisify(zstdDecompress);

/** Undoes what a name's ending says of its content; undefined where it is neither plain, gzip nor zstd. */
export async function unpacked(content: Buffer, ending: string): Promise<Buffer | undefined> {
  switch (ending) {
    case '':
      return content;
    case '.gz':
      return gunzipped(content, { maxOutputLength: UNPACKED_BYTES_MAX });
    case '.zst':
      return unzstd(content, { maxOutputLength: UNPACKED_BYTES_MAX });
    default:
      return undefined;
  }
}
