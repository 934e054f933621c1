import { describe, expect, test } from 'vitest';
import type { BackupEntry } from '../ports.ts';
import { compareFolders } from './compareFolders.ts';

const file = (name: string, content: string | null, bytes = 10): BackupEntry => ({
  name,
  kind: 'file',
  bytes,
  modifiedAt: null,
  content,
});
const folder = (entries: BackupEntry[], truncated = false) => ({ entries, truncated });
const changes = (now: Parameters<typeof compareFolders>[0], before: Parameters<typeof compareFolders>[1]) =>
  Object.fromEntries(compareFolders(now, before).entries.map(({ name, change }) => [name, change]));

describe('two nights of one folder', () => {
  test('say of each name whether it is the same, other, new or gone, in the order of the names', () => {
    const compared = compareFolders(
      folder([file('a', '1'), file('b', '2'), file('d', '4')]),
      folder([file('a', '1'), file('b', 'x', 7), file('c', '3')]),
    );
    expect(compared.entries.map(({ name, change }) => `${name} ${change}`)).toEqual([
      'a same',
      'b changed',
      'c removed',
      'd added',
    ]);
    expect(compared.entries[1]?.before?.bytes).toBe(7);
  });
  test('are not called the same where the source knows no content: another size alone tells', () => {
    expect(
      changes(folder([file('a', null), file('b', null, 3)]), folder([file('a', null), file('b', 'k', 4)])),
    ).toEqual({
      a: 'unknown',
      b: 'changed',
    });
  });
  test('do not call new or gone what may only not have been told', () => {
    expect(changes(folder([file('z', '1')]), folder([file('a', '1')], true))).toEqual({ a: 'removed', z: 'unknown' });
    expect(changes(folder([file('a', '1')], true), folder([file('z', '1')]))).toEqual({ a: 'added', z: 'unknown' });
  });
  test('are not compared where no other is asked for', () => {
    expect(changes(folder([file('a', '1')]), null)).toEqual({ a: null });
  });
  test('a file that became a folder has changed', () => {
    expect(changes(folder([{ ...file('a', '1'), kind: 'folder' }]), folder([file('a', '1')]))).toEqual({
      a: 'changed',
    });
  });
});
