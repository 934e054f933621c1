import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../../journal/event.ts';
import type { JournalEngine, KeyStore, Snapshot } from '../../journal/ports.ts';

/**
 * A snapshot is one file: a line of JSON (place, fold, key, nonce), then the state, encrypted with AES-256-GCM under a key
 * of the key store. The state holds what private parts say; erasing the snapshots' key with a subject's key makes every
 * snapshot ever copied of it unreadable too. The cipher's tag also tells a damaged file, which is passed over.
 */
export const snapshotSubject = 'snapshots';

interface Header extends Omit<Snapshot, 'state'> {
  keyId: string;
  nonce: string;
}

const tagBytes = 16;
/** Written between two turns of the event loop, so that a large state never holds up a command. */
const pieceCharacters = 262_144;
/** Levels at which a state is cut into pieces; below, one JSON.stringify. A table's leaves lie about there. */
const cutDepth = 6;

/** The JSON text of a state, in pieces. The state is immutable: commands may go on meanwhile. */
function* textOf(value: Json, depth = 0): Generator<string> {
  if (depth === cutDepth || typeof value !== 'object' || value === null) {
    yield JSON.stringify(value) ?? 'null';
    return;
  }
  let before = '';
  if (Array.isArray(value)) {
    yield '[';
    for (const item of value) {
      yield before;
      yield* textOf(item, depth + 1);
      before = ',';
    }
    yield ']';
    return;
  }
  yield '{';
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    yield* textOf(field, depth + 1);
    before = ',';
  }
  yield '}';
}

const nameOf = (sequence: number): string => `snapshot-${String(sequence).padStart(15, '0')}.sealed`;
const isSnapshot = (name: string): boolean => /^snapshot-\d{15}\.sealed$/.test(name);
const isPartial = (name: string): boolean => /^snapshot-\d{15}\.sealed\.partial$/.test(name);

export function snapshotFiles(folder: string, keys: KeyStore): JournalEngine['snapshots'] {
  async function names(which = isSnapshot): Promise<string[]> {
    return (await readdir(folder)).filter(which).sort().reverse();
  }

  async function read(name: string, foldKey: string): Promise<Snapshot | undefined> {
    try {
      const bytes = await readFile(join(folder, name));
      const end = bytes.indexOf(10);
      const line = bytes.subarray(0, end);
      const header: Header = JSON.parse(line.toString());
      if (header.foldKey !== foldKey) return undefined;
      const key = keys.find(header.keyId);
      if (key === undefined) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(header.nonce, 'base64'), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(line).setAuthTag(bytes.subarray(-tagBytes));
      const clear = Buffer.concat([decipher.update(bytes.subarray(end + 1, -tagBytes)), decipher.final()]);
      const { sequence, epoch, hash } = header;
      return { sequence, epoch, hash, foldKey, state: JSON.parse(clear.toString()) };
    } catch {
      // Truncated, damaged or not ours: the journal itself says it all again.
      return undefined;
    }
  }

  async function write(file: FileHandle, { state, ...place }: Snapshot): Promise<void> {
    const { keyId, key } = keys.keyFor(snapshotSubject);
    const nonce = randomBytes(12);
    const header: Header = { ...place, keyId, nonce: nonce.toString('base64') };
    const line = JSON.stringify(header);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(line));
    await file.write(`${line}\n`);
    let piece = '';
    for (const text of textOf(state)) {
      piece += text;
      if (piece.length < pieceCharacters) continue;
      await file.write(cipher.update(piece, 'utf8'));
      piece = '';
    }
    await file.write(Buffer.concat([cipher.update(piece, 'utf8'), cipher.final(), cipher.getAuthTag()]));
    await file.sync();
  }

  return {
    async latest(foldKey) {
      for (const name of await names()) {
        const snapshot = await read(name, foldKey);
        if (snapshot !== undefined) return snapshot;
      }
      return undefined;
    },
    async save(snapshot) {
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
