import type { TreeNode } from '../repository/treeNode.ts';

const special: { readonly [kind in TreeNode['kind']]?: string } = {
  fifo: 'a named pipe is not made again here',
  device: 'a device is not made again here',
  socket: 'a socket is not made again: the program that listens makes it',
  other: 'what it is cannot be told',
};

/** What of an entry Node has no way to make again; nothing is dropped without being said. */
export function leftOut({ kind, attributes }: TreeNode): string[] {
  const reason = special[kind];
  return [
    ...(reason === undefined ? [] : [reason]),
    ...(attributes.length === 0 ? [] : [`attributes that are not given back: ${attributes.join(', ')}`]),
  ];
}
