import type { Instant } from '../../backupTree/instant.ts';
import { type Name, named } from '../../backupTree/name.ts';
import { type Fields, isFields, isId, isText } from './fields.ts';
import { unquoted } from './quoted.ts';

export interface TreeNode {
  name: Name;
  /** restic's word; `folder` holds a `subtree`, `link` a `target`, `file` its `content`. */
  kind: 'file' | 'folder' | 'link' | 'fifo' | 'device' | 'socket' | 'other';
  /** Permissions with setuid, setgid and sticky, as chmod(2) takes them. */
  mode: number;
  user: number;
  group: number;
  modifiedAt: Instant;
  accessedAt: Instant;
  bytes: number;
  /** Blob ids of a file, in order. */
  content: readonly string[];
  /** Tree id of a folder. */
  subtree?: string;
  target?: Name;
  /** `device:inode` where a file had several names; undefined where it had one. */
  linkedAs?: string;
  /** Names of extended attributes, and of attributes Windows keeps. */
  attributes: readonly string[];
}

/** One line of a tree that is none, or that must not be restored. */
export interface RefusedNode {
  name: string;
  reason: string;
}

export interface Tree<Node = TreeNode> {
  nodes: Node[];
  refused: RefusedNode[];
}

/** What a node is and holds, without what a restoration gives back to it. */
export type NodeContent = Pick<TreeNode, 'name' | 'kind' | 'bytes' | 'content' | 'subtree'>;

const kinds: { readonly [type: string]: TreeNode['kind'] } = {
  file: 'file',
  dir: 'folder',
  symlink: 'link',
  fifo: 'fifo',
  dev: 'device',
  chardev: 'device',
  socket: 'socket',
};

const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
const text = (value: unknown): string => (isText(value) ? value : '');
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Inodes pass 2^53 on some file systems: kept as text, so that two of them stay two. No quoted text can hold an unescaped `"`. */
const longNumber = /"(inode|device_id)":(\d{16,})/g;

/** A tree blob (design.rst, «Trees and Data»). Undefined where it is no tree at all. */
export const parseTree = (plain: Buffer): Tree | undefined =>
  parsed(plain.toString('utf8').replace(longNumber, '"$1":"$2"'), nodeOf);

/** The same for who asks only what stands there: a third of the work. */
export const parseContents = (plain: Buffer): Tree<NodeContent> | undefined =>
  parsed(plain.toString('utf8'), (_, content) => content);

function parsed<Node extends NodeContent>(
  json: string,
  nodeOf: (fields: Fields, content: NodeContent) => Node,
): Tree<Node> | undefined {
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isFields(read) || !(read.nodes === null || Array.isArray(read.nodes))) return undefined;
  const tree: Tree<Node> = { nodes: [], refused: [] };
  const names = new Set<string>();
  for (const fields of list(read.nodes)) {
    const content = isFields(fields) ? contentOf(fields) : { name: '', reason: 'is no node' };
    if ('reason' in content) tree.refused.push(content);
    else if (names.size === names.add(keyOf(content.name)).size)
      tree.refused.push({ name: keyOf(content.name), reason: 'stands twice in its folder; the first is kept' });
    else if (isFields(fields)) tree.nodes.push(nodeOf(fields, content));
  }
  return tree;
}

const keyOf = (name: Name): string => (typeof name === 'string' ? name : name.toString('latin1'));

function contentOf(fields: Fields): NodeContent | RefusedNode {
  const quoted = text(fields.name);
  const refused = (reason: string): RefusedNode => ({ name: quoted, reason });
  const name = unquoted(quoted);
  if (name === undefined) return refused('its name cannot be understood');
  if (name.length === 0 || name === '.' || name === '..' || name.includes('/') || name.includes('\0'))
    return refused('its name would lead out of its folder');
  const kind = kinds[text(fields.type)] ?? 'other';
  const content = list(fields.content);
  if (!content.every(isId)) return refused('its content is no list of blobs');
  const { subtree } = fields;
  if (kind === 'folder' && !isId(subtree)) return refused('it is a folder without content');
  const bytes = number(fields.size);
  return isId(subtree) ? { name, kind, bytes, content, subtree } : { name, kind, bytes, content };
}

function nodeOf(fields: Fields, content: NodeContent): TreeNode {
  const modifiedAt = instantOf(text(fields.mtime));
  const target = targetOf(fields);
  return {
    ...content,
    mode: modeOf(number(fields.mode)),
    user: number(fields.uid),
    group: number(fields.gid),
    modifiedAt,
    accessedAt: fields.atime === undefined ? modifiedAt : instantOf(text(fields.atime)),
    ...(content.kind === 'link' ? { target } : {}),
    ...(content.kind === 'file' && number(fields.links) > 1
      ? { linkedAs: `${fields.device_id ?? 0}:${fields.inode ?? 0}` }
      : {}),
    attributes: [
      ...list(fields.extended_attributes).map((one) => (isFields(one) ? text(one.name) : '')),
      ...Object.keys(isFields(fields.generic_attributes) ? fields.generic_attributes : {}),
    ],
  };
}

/** Newer writers add the raw bytes of a target that is no UTF-8. */
const targetOf = (fields: Fields): Name =>
  typeof fields.linktarget_raw === 'string'
    ? named(Buffer.from(fields.linktarget_raw, 'base64'))
    : text(fields.linktarget);

const [goSetuid, goSetgid, goSticky] = [2 ** 23, 2 ** 22, 2 ** 20];

/** Go's FileMode has permissions where Unix has them, and its own places for the rest (pkg.go.dev/io/fs#FileMode). */
export function modeOf(goMode: number): number {
  const has = (bit: number): boolean => Math.floor(goMode / bit) % 2 === 1;
  return (goMode % 0o1000) | (has(goSetuid) ? 0o4000 : 0) | (has(goSetgid) ? 0o2000 : 0) | (has(goSticky) ? 0o1000 : 0);
}

const instant = /^(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(?:Z|([+-])(\d\d):(\d\d))$/;

/** RFC 3339 to the nanosecond, which Date does not keep; the epoch where it is none. */
export function instantOf(written: string): Instant {
  const [, year, month, day, hours, minutes, seconds, fraction = '', sign = '+', offsetHours, offsetMinutes] =
    instant.exec(written) ?? [];
  if (year === undefined) return { seconds: 0, nanoseconds: 0 };
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hours), Number(minutes), Number(seconds));
  const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * 60 * (sign === '-' ? -1 : 1);
  const at = date.getTime() / 1000 - offset;
  return Number.isFinite(at)
    ? { seconds: at, nanoseconds: Number(fraction.padEnd(9, '0')) }
    : { seconds: 0, nanoseconds: 0 };
}
