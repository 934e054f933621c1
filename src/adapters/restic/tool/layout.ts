import { normalize } from 'node:path';
import { type BackupEntries, type BackupEntry, FOLDER_ENTRIES_MAX } from '../../../restore/ports.ts';
import type { SaidNode } from './said.ts';

/** The path of a snapshot taken of one alone; `''` where it is none. */
export function singlePath(paths: readonly string[]): string {
  const path = normalize(`/${paths.length === 1 ? paths[0] : ''}`);
  return path === '/' ? '' : path;
}

/** Where what was backed up stands among the nodes restic lists: a single backed-up folder is the top, as where it is restored. */
export function topOf(paths: readonly string[], nodes: readonly SaidNode[]): string {
  const path = singlePath(paths);
  return nodes.some((node) => node.path === path && node.type === 'dir') ? path : '';
}

/** The path restic knows a part by; undefined where it would lead elsewhere. `''` is the top itself. */
export function pathBelow(top: string, part: string): string | undefined {
  const parts = part.split('/');
  if (part !== '' && parts.some((name) => name === '' || name === '.' || name === '..')) return undefined;
  return part === '' ? top : `${top}/${part}`;
}

/** What stands directly in the folder of that path, if there is one. restic tells no content of a node: none can be compared. */
export function entriesIn(nodes: readonly SaidNode[], path: string): BackupEntries | undefined {
  if (path !== '' && !nodes.some((node) => node.path === path && node.type === 'dir')) return undefined;
  const entries = nodes
    .filter((node) => node.path.slice(0, node.path.lastIndexOf('/')) === path)
    .map(entryOf)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return { entries: entries.slice(0, FOLDER_ENTRIES_MAX), truncated: entries.length > FOLDER_ENTRIES_MAX };
}

const kinds: { readonly [type: string]: BackupEntry['kind'] } = { file: 'file', dir: 'folder', symlink: 'link' };

function entryOf({ name, type, size, mtime }: SaidNode): BackupEntry {
  const kind = kinds[type] ?? 'other';
  const modified = new Date(mtime);
  const modifiedAt = Number.isNaN(modified.getTime()) ? null : modified.toISOString();
  return { name, kind, bytes: kind === 'file' ? size : null, modifiedAt, content: null };
}

/** What `--include` takes as this very path: its own signs mean nothing (pkg.go.dev/path/filepath#Match). */
export const asPattern = (path: string): string => path.replace(/[\\*?[]/g, '\\$&');
