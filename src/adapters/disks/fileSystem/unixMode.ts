import type { DiskNode } from './fileSystem.ts';

const kinds: { readonly [type: number]: DiskNode['kind'] } = {
  1: 'fifo',
  2: 'device',
  4: 'folder',
  6: 'device',
  8: 'file',
  10: 'link',
  12: 'socket',
};

/** stat(2), the file type in `st_mode`. */
export const kindOfMode = (mode: number): DiskNode['kind'] => kinds[mode >>> 12] ?? 'other';
export const modeOf = (mode: number): number => mode & 0o7777;
