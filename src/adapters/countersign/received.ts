import { existsSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Countersignature, readCountersignature } from '../../journal/countersign.ts';
import { Refused } from '../../journal/result.ts';
import { syncFolder } from '../sqlite/snapshotFile.ts';

/**
 * Countersignatures received, beside the journal: one JSON line each, only ever added. A file of its own, so that they can
 * be added while the hub writes.
 */
const receivedFile = (folder: string): string => join(folder, 'countersignatures.jsonl');

/** Throws Refused `countersignatures-damaged` where a line is none. */
export function readReceived(folder: string): Countersignature[] {
  const file = receivedFile(folder);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    const one = countersignatureIn(line);
    if (one !== undefined) return [one];
    throw new Refused({
      code: 'countersignatures-damaged',
      message: `Line ${index + 1} is no countersignature.`,
      where: `${file}:${index + 1}`,
      expected: 'one countersignature per line',
      kept: 'the file as it is',
      cure: 'Take the file from a copy, or have the checkpoints countersigned again.',
      retryable: false,
    });
  });
}

function countersignatureIn(line: string): Countersignature | undefined {
  try {
    return readCountersignature(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Durable when it returns: the whole file is written beside, then takes its place. True where it was not there yet. */
export async function addReceived(folder: string, one: Countersignature): Promise<boolean> {
  const kept = readReceived(folder);
  if (kept.some(({ signature }) => signature === one.signature)) return false;
  const file = receivedFile(folder);
  const handle = await open(`${file}.partial`, 'w', 0o600);
  try {
    await handle.writeFile([...kept, one].map((each) => `${JSON.stringify(each)}\n`).join(''));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.partial`, file);
  await syncFolder(folder);
  return true;
}
