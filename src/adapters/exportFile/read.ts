import { createReadStream } from 'node:fs';
import { lineBytesMax } from '../../journal/exportFile.ts';
import { createExportVerifier, type ExportVerdict } from '../../journal/exportVerifier.ts';
import type { Head } from '../../journal/ports.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';

const readBytes = 1_048_576;

/** Verifies an export in bounded memory. Refuses only where the file cannot be read, or is none. */
export async function verifyExport(
  file: string,
  anchor?: Head,
  onProgress?: (lines: number) => void,
): Promise<Result<ExportVerdict>> {
  const verifier = createExportVerifier({ anchor });
  let parts: Buffer[] = [];
  let waiting = 0;
  let lines = 0;
  const end = (part: Buffer): void => {
    verifier.add(parts.length === 0 ? part : Buffer.concat([...parts, part]));
    parts = [];
    waiting = 0;
    onProgress?.(++lines);
  };
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: readBytes })) {
      if (!Buffer.isBuffer(chunk)) throw new Error('a chunk is not bytes');
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        end(chunk.subarray(from, at));
        from = at + 1;
      }
      waiting += chunk.length - from;
      if (waiting > lineBytesMax) return notExport(file, `a line is over ${lineBytesMax} bytes`);
      if (from < chunk.length) parts.push(chunk.subarray(from));
    }
  } catch (error) {
    return notExport(file, error instanceof Error ? error.message : String(error));
  }
  const endsWhole = waiting === 0;
  if (!endsWhole) end(Buffer.alloc(0));
  return accept(verifier.finish(endsWhole));
}

const notExport = (file: string, why: string) =>
  refuse('export-unreadable', `This export cannot be read: ${why}.`, {
    where: file,
    expected: 'the file `reflexe journal export` wrote, or the folder of a journal',
    kept: 'the file as it is',
    cure: 'Check the path, and that the file was copied whole.',
  });
