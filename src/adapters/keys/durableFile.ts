import { closeSync, existsSync, fstatSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Files that hold keys, wrapped or not. Whatever moment the power goes, the name holds the whole old content or the whole new
 * one. What is replaced is overwritten where it lay before its blocks are given back: on a disk that writes in place nothing of
 * it is left; a copy-on-write file system or an SSD's own wear levelling may keep it (docs/decisions/keys.md).
 */
export function replaceFile(file: string, content: Uint8Array | string): void {
  const old = existsSync(file) ? openSync(file, 'r+') : undefined;
  try {
    const partial = `${file}.partial`;
    const descriptor = openSync(partial, 'w', 0o600);
    try {
      writeAll(descriptor, typeof content === 'string' ? Buffer.from(content) : content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(partial, file);
    syncFolderOf(file);
    if (old !== undefined) blank(old);
  } finally {
    if (old !== undefined) closeSync(old);
  }
}

export function removeFile(file: string): void {
  if (!existsSync(file)) return;
  const descriptor = openSync(file, 'r+');
  try {
    blank(descriptor);
  } finally {
    closeSync(descriptor);
  }
  unlinkSync(file);
  syncFolderOf(file);
}

function blank(descriptor: number): void {
  writeAll(descriptor, new Uint8Array(fstatSync(descriptor).size), 0);
  fsyncSync(descriptor);
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number | null = null): void {
  for (let written = 0; written < bytes.length; ) {
    const at = position === null ? null : position + written;
    written += writeSync(descriptor, bytes, written, bytes.length - written, at);
  }
}

function syncFolderOf(file: string): void {
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
