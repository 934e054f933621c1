import { createPatch, type Operation } from 'rfc6902';

/**
 * What turns `before` into `after`, both plain JSON, in time linear in their size.
 * rfc6902's own comparison of two lists looks for the shortest script, which costs length × length × depth: here lists are
 * trimmed of their equal head and tail, what remains is paired in place, and the surplus added or removed.
 */
export function patchOf(before: unknown, after: unknown): Operation[] {
  return createPatch(before, after, (input: unknown, output: unknown, pointer): Operation[] | undefined => {
    if (!Array.isArray(input) || !Array.isArray(output)) return undefined;
    return listPatch(input, output, pointer.toString());
  });
}

function listPatch(input: readonly unknown[], output: readonly unknown[], path: string): Operation[] {
  const shorter = Math.min(input.length, output.length);
  let head = 0;
  while (head < shorter && isEqual(input[head], output[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && isEqual(input.at(-1 - tail), output.at(-1 - tail))) tail += 1;
  const paired = shorter - head - tail;
  const operations: Operation[] = [];
  for (let index = head; index < head + paired; index += 1) {
    operations.push(
      ...patchOf(input[index], output[index]).map((one) => ({ ...one, path: `${path}/${index}${one.path}` })),
    );
  }
  for (let index = input.length - tail - 1; index >= head + paired; index -= 1) {
    operations.push({ op: 'remove', path: `${path}/${index}` });
  }
  for (let index = head + paired; index < output.length - tail; index += 1) {
    operations.push({ op: 'add', path: `${path}/${index}`, value: output[index] });
  }
  return operations;
}

function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => isEqual(item, other[index]));
  }
  const entries = Object.entries(one);
  if (entries.length !== Object.keys(other).length) return false;
  const members = new Map(Object.entries(other));
  return entries.every(([name, value]) => members.has(name) && isEqual(value, members.get(name)));
}
