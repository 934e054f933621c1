import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { type Node, walk } from '../gates/source.ts';

export interface Branches {
  ran: number;
  total: number;
}

/** Counts the ways code can go (arms of conditions, cases, loop bodies, functions), and those that ran. */
export function branchesOf(ranByUrl: ReadonlyMap<string, Uint8Array>): Branches {
  const branches = { ran: 0, total: 0 };
  for (const [url, ran] of ranByUrl) {
    const file = fileURLToPath(url);
    for (const offset of branchStarts(file, readFileSync(file, 'utf8'))) {
      branches.total += 1;
      branches.ran += ran[offset] ?? 0;
    }
  }
  return branches;
}

function branchStarts(file: string, text: string): number[] {
  const starts: number[] = [];
  const take = (...candidates: unknown[]) => {
    for (const node of candidates) if (isStarted(node)) starts.push(node.start);
  };
  walk(parseSync(file, text).program, (node: Node) => {
    switch (node.type) {
      case 'IfStatement':
      case 'ConditionalExpression':
        take('consequent' in node && node.consequent, 'alternate' in node && node.alternate);
        break;
      case 'LogicalExpression':
        take('right' in node && node.right);
        break;
      case 'SwitchCase':
        if ('consequent' in node && Array.isArray(node.consequent)) take(node.consequent[0]);
        break;
      case 'CatchClause':
      case 'WhileStatement':
      case 'ForStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        take('body' in node && node.body);
        break;
    }
  });
  return starts;
}

const isStarted = (value: unknown): value is { start: number } =>
  typeof value === 'object' && value !== null && 'start' in value && typeof value.start === 'number';
