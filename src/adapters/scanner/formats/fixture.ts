import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Look } from '../../../restore/cleanPoint/content.ts';
import { ContentExaminer } from '../examine.ts';

/** What an attack makes of a file, or of a part of it. */
export const encrypted = (plain: Buffer) =>
  createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16)).update(plain);
export const over = (content: Buffer, from: number, to = content.length) =>
  Buffer.concat([content.subarray(0, from), encrypted(content.subarray(from, to)), content.subarray(to)]);

export async function look(content: Buffer): Promise<Look> {
  const examiner = new ContentExaminer(() => [], content.length);
  await examiner.window(content, 0);
  return examiner.end();
}

/** Rows that compress, but not to nothing. */
export function table(bytes: number): Buffer {
  let text = '';
  for (let id = 0; text.length < bytes; id += 1) text += `${id};${Math.sin(id).toFixed(6)};Paracétamol\n`;
  return Buffer.from(text).subarray(0, bytes);
}

const sectorBytes = 512;

/** A compound file (MS-CFB) of version 3 with one stream, its directory and its FAT behind it. */
export function compound(name: string, stream: Buffer): Buffer {
  const streamSectors = Math.ceil(stream.length / sectorBytes);
  const fats = Math.ceil((streamSectors + 2) / 126);
  const firstFat = streamSectors + 1;
  const head = Buffer.alloc(sectorBytes);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(head);
  head.writeUInt16LE(3, 0x1a);
  head.writeUInt16LE(9, 0x1e);
  head.writeUInt32LE(fats, 0x2c);
  head.writeUInt32LE(streamSectors, 0x30);
  head.writeUInt32LE(0xffff_fffe, 0x44);
  head.fill(0xff, 0x4c);
  for (let fat = 0; fat < fats; fat += 1) head.writeUInt32LE(firstFat + fat, 0x4c + 4 * fat);
  const directory = Buffer.alloc(sectorBytes);
  const entry = (at: number, called: string, kind: number, first: number, bytes: number) => {
    directory.write(called, at, 'utf16le');
    directory.writeUInt16LE(2 * called.length + 2, at + 64);
    directory[at + 66] = kind;
    directory.writeUInt32LE(first, at + 116);
    directory.writeUInt32LE(bytes, at + 120);
  };
  entry(0, 'Root Entry', 5, 0xffff_fffe, 0);
  entry(128, name, 2, 0, stream.length);
  const fat = Buffer.alloc(fats * sectorBytes, 0xff);
  for (let sector = 0; sector < streamSectors; sector += 1)
    fat.writeUInt32LE(sector + 1 < streamSectors ? sector + 1 : 0xffff_fffe, 4 * sector);
  fat.writeUInt32LE(0xffff_fffe, 4 * streamSectors);
  for (let own = 0; own < fats; own += 1) fat.writeUInt32LE(0xffff_fffd, 4 * (firstFat + own));
  const padded = Buffer.concat([stream, Buffer.alloc(streamSectors * sectorBytes - stream.length)]);
  return Buffer.concat([head, padded, directory, fat]);
}

function record(kind: number, content: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(kind, 0);
  head.writeUInt16LE(content.length, 2);
  return Buffer.concat([head, content]);
}

/** Of Excel: rows as labels; with a password only their kinds and lengths stay as they are (MS-OFFCRYPTO §2.3.7.1). */
export function sheet(bytes: number, isProtected = false): Buffer {
  const records = [record(0x0809, Buffer.from('00060500bb0dcc0741000000060000', 'hex'))];
  if (isProtected) records.push(record(0x002f, Buffer.alloc(54)));
  for (let at = 0; at < bytes; at += 2000) {
    const rows = table(bytes).subarray(at, at + 2000);
    records.push(record(0x0204, isProtected ? encrypted(rows) : rows));
  }
  return compound('Workbook', Buffer.concat([...records, record(0x000a, Buffer.alloc(0))]));
}

/** Of Word: a head (MS-DOC §2.5.1), text, a picture that floats on it, text; with a password all but the head is encrypted. */
export function letter(bytes: number, isProtected = false): Buffer {
  const head = Buffer.alloc(1024);
  head.writeUInt16LE(0xa5ec, 0);
  head.writeUInt16LE(0x00c1, 2);
  head.writeUInt16LE(isProtected ? 0x0100 : 0, 0x0a);
  const picture = randomBytes(20_000);
  const pictureHead = Buffer.from('a0461df000000000', 'hex');
  pictureHead.writeUInt32LE(picture.length, 4);
  const text = table(bytes);
  const body = Buffer.concat([text, pictureHead, picture, text]);
  return compound('WordDocument', Buffer.concat([head, isProtected ? encrypted(body) : body]));
}

/** Of PowerPoint: a holder with texts. */
export function slides(bytes: number): Buffer {
  const atoms: Buffer[] = [];
  for (let at = 0; at < bytes; at += 800) {
    const text = table(bytes).subarray(at, at + 800);
    const head = Buffer.from('0000a80f00000000', 'hex');
    head.writeUInt32LE(text.length, 4);
    atoms.push(head, text);
  }
  const body = Buffer.concat(atoms);
  const holder = Buffer.from('0f00e80300000000', 'hex');
  holder.writeUInt32LE(body.length, 4);
  return compound('PowerPoint Document', Buffer.concat([holder, body]));
}

/** Of Access: a head, then pages of data; with a password the head has a key and the pages are encrypted. */
export function access(pages: number, isProtected = false): Buffer {
  const head = Buffer.alloc(4096);
  head.write('Standard Jet DB\0', 4, 'latin1');
  head[1] = 1;
  head[0x14] = 1;
  Buffer.from(isProtected ? '01020304' : 'fb8abc4e', 'hex').copy(head, 0x3e);
  const page = Buffer.concat([Buffer.of(1, 1), table(4094)]);
  const body = Buffer.concat(Array.from({ length: pages }, () => page));
  return Buffer.concat([head, isProtected ? encrypted(body) : body]);
}

/** Of SQLite's own making: rows, pictures of random bytes on pages of overflow, and free pages that held some. */
export function sqlite(rows: number): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
  try {
    const database = new DatabaseSync(join(folder, 'db'));
    database.exec('CREATE TABLE result (id INTEGER PRIMARY KEY, text TEXT, picture BLOB)');
    const insert = database.prepare('INSERT INTO result (text, picture) VALUES (?, ?)');
    for (let row = 0; row < rows; row += 1)
      insert.run(table(300).toString(), row % 10 === 0 ? randomBytes(9000) : null);
    database.exec('DELETE FROM result WHERE id % 40 = 1');
    database.close();
    return readFileSync(join(folder, 'db'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** TIFF 6.0 with its directory at its end, as most programs write it: one strip. */
export function tiff(compression: number, strip: Buffer): Buffer {
  const tags: readonly (readonly [tag: number, value: number])[] = [
    [256, 100],
    [257, Math.ceil(strip.length / 100)],
    [259, compression],
    [273, 8],
    [279, strip.length],
  ];
  const head = Buffer.from('49492a0000000000', 'hex');
  head.writeUInt32LE(head.length + strip.length, 4);
  const directory = Buffer.alloc(2 + 12 * tags.length + 4);
  directory.writeUInt16LE(tags.length, 0);
  for (const [index, [tag, value]] of tags.entries()) {
    directory.writeUInt16LE(tag, 2 + 12 * index);
    directory.writeUInt16LE(4, 4 + 12 * index);
    directory.writeUInt32LE(1, 6 + 12 * index);
    directory.writeUInt32LE(value, 10 + 12 * index);
  }
  return Buffer.concat([head, strip, directory]);
}

export function bmp(bytes: number): Buffer {
  const head = Buffer.alloc(54);
  head.write('BM', 'latin1');
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  return Buffer.concat([head, table(bytes)]);
}
