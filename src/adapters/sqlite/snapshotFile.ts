import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalEngine, KeyStore, Snapshot } from '../../journal/ports.ts';
import { createLineReader, linesOf } from './snapshotLines.ts';

/**
 * A snapshot is one file: a line of JSON (place, fold, key, nonce), then the state's lines, encrypted with AES-256-GCM under a key
 * of the key store. The state holds what private parts say; erasing the snapshots' key with a subject's key makes every
 * snapshot ever copied of it unreadable too. The cipher's tag also tells a damaged file, which is passed over.
 */
export const snapshotSubject = 'snapshots';

interface Header extends Omit<Snapshot, 'state'> {
  keyId: string;
  nonce: string;
}

const tagBytes = 16;
/** Read, and written, between two turns of the event loop: a large state never holds up a command. */
const pieceBytes = 262_144;
const newLine = 10;

const nameOf = (sequence: number): string => `snapshot-${String(sequence).padStart(15, '0')}.sealed`;
const isSnapshot = (name: string): boolean => /^snapshot-\d{15}\.sealed$/.test(name);
const isPartial = (name: string): boolean => /^snapshot-\d{15}\.sealed\.partial$/.test(name);

export type SnapshotFiles = JournalEngine['snapshots'] & {
  /** Begins to read what `latest` will be asked for next. */
  readAhead(foldKey: string): void;
};

export function snapshotFiles(folder: string, keys: KeyStore): SnapshotFiles {
  let ahead: { foldKey: string; found: Promise<Snapshot | undefined> } | undefined;

  async function names(which = isSnapshot): Promise<string[]> {
    return (await readdir(folder)).filter(which).sort().reverse();
  }

  async function read(name: string, foldKey: string): Promise<Snapshot | undefined> {
    let file: FileHandle | undefined;
    try {
      file = await open(join(folder, name));
      return await readFrom(file, foldKey);
    } catch {
      // Truncated, damaged or not ours: the journal itself says it all again.
      return undefined;
    } finally {
      await file?.close();
    }
  }

  /** Throws where it is damaged. What was read of it is believed only once the cipher's tag was found true. */
  async function readFrom(file: FileHandle, foldKey: string): Promise<Snapshot | undefined> {
    const end = (await file.stat()).size - tagBytes;
    const pieceAt = async (place: number): Promise<Buffer> => {
      const buffer = Buffer.allocUnsafe(Math.min(pieceBytes, Math.max(0, end - place)));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, place);
      return buffer.subarray(0, bytesRead);
    };
    const first = await pieceAt(0);
    const line = first.subarray(0, first.indexOf(newLine));
    const header: Header = JSON.parse(line.toString());
    const key = header.foldKey === foldKey ? keys.find(header.keyId) : undefined;
    if (key === undefined) return undefined;
    const tag = Buffer.alloc(tagBytes);
    await file.read(tag, 0, tagBytes, end);
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(header.nonce, 'base64'), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(line).setAuthTag(tag);
    const reader = createLineReader();
    let begun: Uint8Array = Buffer.alloc(0);
    let place = line.length + 1;
    let next = pieceAt(place);
    for (let piece = await next; piece.length > 0; piece = await next) {
      place += piece.length;
      // The next is read from the disk while this one is parsed.
      next = pieceAt(place);
      next.catch(() => {});
      const clear = Buffer.concat([begun, decipher.update(piece)]);
      let from = 0;
      for (let to = clear.indexOf(newLine); to >= 0; to = clear.indexOf(newLine, from)) {
        reader.add(clear.toString('utf8', from, to));
        from = to + 1;
      }
      begun = clear.subarray(from);
    }
    decipher.final();
    const { sequence, epoch, hash } = header;
    return { sequence, epoch, hash, foldKey, state: reader.state() };
  }

  async function write(file: FileHandle, { state, ...place }: Snapshot): Promise<void> {
    const { keyId, key } = keys.keyFor(snapshotSubject);
    const nonce = randomBytes(12);
    const header: Header = { ...place, keyId, nonce: nonce.toString('base64') };
    const line = JSON.stringify(header);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(line));
    await file.write(`${line}\n`);
    let piece = '';
    for (const text of linesOf(state)) {
      piece += `${text}\n`;
      if (piece.length < pieceBytes) continue;
      await file.write(cipher.update(piece, 'utf8'));
      piece = '';
    }
    await file.write(Buffer.concat([cipher.update(piece, 'utf8'), cipher.final(), cipher.getAuthTag()]));
    await file.sync();
  }

  async function latest(foldKey: string): Promise<Snapshot | undefined> {
    for (const name of await names()) {
      const snapshot = await read(name, foldKey);
      if (snapshot !== undefined) return snapshot;
    }
    return undefined;
  }

  return {
    readAhead(foldKey) {
      ahead = { foldKey, found: latest(foldKey) };
      ahead.found.catch(() => {});
    },
    async latest(foldKey) {
      // Given once, then let go of: a state held here would be one more in memory.
      const known = ahead?.foldKey === foldKey ? ahead.found : undefined;
      ahead = undefined;
      return known ?? latest(foldKey);
    },
    async save(snapshot) {
      ahead = undefined;
      // Left by a life that was cut short.
      for (const partial of await names(isPartial)) await unlink(join(folder, partial));
      const older = await names();
      const name = nameOf(snapshot.sequence);
      const partial = join(folder, `${name}.partial`);
      const file = await open(partial, 'w', 0o600);
      try {
        await write(file, snapshot);
        await file.close();
        await rename(partial, join(folder, name));
      } catch (error) {
        await file.close().catch(() => {});
        await unlink(partial).catch(() => {});
        throw error;
      }
      await syncFolder(folder);
      // The one before stays: should this one be damaged, little is folded again. Later ones are another version's.
      const [, ...gone] = older.filter((one) => one < name);
      for (const one of gone) await unlink(join(folder, one));
    },
    async clear() {
      ahead = undefined;
      keys.erase(snapshotSubject);
      for (const name of [...(await names()), ...(await names(isPartial))]) await unlink(join(folder, name));
    },
  };
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
