import { statfs } from 'node:fs/promises';
import { accept, type Refusing, type Result, refuse } from '../../journal/result.ts';

/** Of what a snapshot weighs, this much more must be free: the journal may live on the same disk, and must never find it full. */
export const SPARE_BYTES = 64 * 1024 * 1024;

/** Whether so many bytes fit where `into` is. */
export async function enoughRoom(into: string, bytes: number): Promise<Result<void>> {
  const { bavail, bsize } = await statfs(into);
  return bavail * bsize >= bytes ? accept(undefined) : diskFull(into, bytes, bavail * bsize);
}

export function diskFull(into: string, bytes: number, free?: number): Refusing {
  return refuse('disk-full', 'The disk on which backups are restored is full.', {
    where: into,
    expected: `${megabytes(bytes)} MB free${free === undefined ? '' : `, found ${megabytes(free)} MB`}`,
    kept: 'The backup and all that was restored before; this try left nothing.',
    cure: 'Make room on this disk, or give it another; the step is then tried again.',
    retryable: true,
  });
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1_000_000);
