import { createPatch, type Operation } from 'rfc6902';

/**
 * What turns `before` into `after`, both plain JSON, in time linear in their size.
 * rfc6902's own comparison of two lists looks for the shortest script, which costs length × length × depth. Here lists are
 * walked once: lines found on the other side stay, lines of one side only are added or removed, and two such that face each
 * other are compared inside.
 */
export function patchOf(before: unknown, after: unknown): Operation[] {
  return createPatch(before, after, (input: unknown, output: unknown, pointer): Operation[] | undefined => {
    if (!Array.isArray(input) || !Array.isArray(output)) return undefined;
    return listPatch(input, output, pointer.toString());
  });
}

function listPatch(input: readonly unknown[], output: readonly unknown[], path: string): Operation[] {
  const inputTexts = input.map((line) => JSON.stringify(line));
  const outputTexts = output.map((line) => JSON.stringify(line));
  const inputAhead = countsOf(inputTexts);
  const outputAhead = countsOf(outputTexts);
  const operations: Operation[] = [];
  let from = 0;
  // As the client applies one operation after the other, everything before `to` is already as in `output`.
  let to = 0;
  const passOld = () => {
    take(inputAhead, inputTexts[from]);
    from += 1;
  };
  const passFresh = () => {
    take(outputAhead, outputTexts[to]);
    to += 1;
  };
  while (from < input.length || to < output.length) {
    const [old, fresh] = [inputTexts[from], outputTexts[to]];
    const place = `${path}/${to}`;
    if (old === fresh) {
      passOld();
      passFresh();
    } else if (fresh === undefined || (old !== undefined && inputAhead.has(fresh))) {
      operations.push({ op: 'remove', path: place });
      passOld();
    } else if (old === undefined || outputAhead.has(old)) {
      operations.push({ op: 'add', path: place, value: output[to] });
      passFresh();
    } else {
      operations.push(...patchOf(input[from], output[to]).map((one) => ({ ...one, path: `${place}${one.path}` })));
      passOld();
      passFresh();
    }
  }
  return operations;
}

/** How often each line is still to come. */
function countsOf(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

function take(counts: Map<string, number>, line: string | undefined): void {
  if (line === undefined) return;
  const left = (counts.get(line) ?? 0) - 1;
  if (left > 0) counts.set(line, left);
  else counts.delete(line);
}
