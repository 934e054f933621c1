import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Head } from '../../journal/ports.ts';
import { headText, parseHead } from '../../journal/verify.ts';

/**
 * The furthest entry acknowledged, in a file of its own, written after each commit and not waited for. It may be older
 * than the journal, never newer: a journal that ends before it has lost entries (a damaged write-ahead log reads as a
 * shorter one, without an error). One sector, so it is never torn; its sum excludes what is not a mark.
 */
const markFile = (folder: string): string => join(folder, 'acknowledged.mark');
const markBytes = 128;

const sumOf = (text: string): string => crc32(text).toString(16).padStart(8, '0');

export function readMark(folder: string): Head | undefined {
  let text: string;
  try {
    text = readFileSync(markFile(folder), 'latin1');
  } catch {
    return undefined;
  }
  const [head = '', sum] = text.trimEnd().split(' ');
  return sum === sumOf(head) ? parseHead(head) : undefined;
}

export interface HeadMark {
  write(head: Head): void;
  close(): void;
}

export function openMark(folder: string): HeadMark {
  let descriptor: number | undefined;
  return {
    write(head) {
      try {
        // Not truncated at open: an older mark is worth more than none.
        descriptor ??= openSync(markFile(folder), 'r+');
      } catch {
        descriptor = openSync(markFile(folder), 'w+', 0o600);
      }
      const text = headText(head);
      writeSync(descriptor, `${text} ${sumOf(text)}`.padEnd(markBytes), 0, 'latin1');
    },
    close() {
      if (descriptor === undefined) return;
      fsyncSync(descriptor);
      closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
