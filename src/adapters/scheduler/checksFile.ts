import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { type CheckKind, type DeclaredCheck, type Problem, pathText, readChecks } from '../../detect/checks.ts';
import type { CheckEdge } from '../../detect/ports.ts';
import { duplicateKeys, plainErrors } from '../yaml/duplicateKeys.ts';

export interface ChecksProblem {
  file: string;
  line: number;
  column: number;
  /** `checks[2].every`; empty for the file itself. */
  path: string;
  code: string;
  message: string;
}

export interface ChecksFile {
  /** Empty when there is any problem: half a watch looks like a whole one. */
  checks: DeclaredCheck<CheckEdge>[];
  problems: ChecksProblem[];
}

/** Tens of thousands of checks fit; more is a file put there by mistake. */
const FILE_CHARACTERS = 16 * 1024 * 1024;
/** More than a person corrects before trying again; each is searched for its place in the file. */
const PROBLEMS_MAX = 500;
/** Anchors a person writes; a document that grows when its aliases are followed is refused. */
const ALIASES_MAX = 100;

type Document = ReturnType<typeof parseDocument>;
type Checks = DeclaredCheck<CheckEdge>[];

/**
 * Reads `checks.yaml`: every problem at once, with its place. `component` gives the journal's way to write a reference, or
 * undefined for what is not on the map; without it references stay as written (a check tried by itself).
 */
export function readChecksFile(
  text: string,
  file: string,
  kinds: readonly CheckKind<CheckEdge>[],
  component: (reference: string) => string | undefined = (reference) => reference,
): ChecksFile {
  const whole = (code: string, message: string, line = 1, column = 1): ChecksProblem => ({
    ...{ file, line, column, path: '', code, message },
  });
  const refused = (...problems: ChecksProblem[]): ChecksFile => ({ checks: [], problems });
  if (text.length > FILE_CHARACTERS) return refused(whole('file-too-large', `over ${FILE_CHARACTERS} characters`));
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, ...plainErrors });
  const errors = document.errors.map(({ pos, message }) => ({ offset: pos[0], message }));
  if (errors.length === 0) errors.push(...duplicateKeys(document));
  if (errors.length > 0) {
    return refused(
      ...errors.slice(0, PROBLEMS_MAX).map(({ offset, message }) => {
        const { line, col } = lines.linePos(offset);
        return whole('yaml-syntax', message.split('\n')[0] ?? '', line, col);
      }),
    );
  }
  const value = plain(document);
  if (value === undefined) return refused(whole('yaml-aliases', `expected at most ${ALIASES_MAX} aliases`));
  const read = readChecks(value, kinds);
  const placed = onTheMap(read.checks, document, component);
  const problems = [...read.problems, ...placed.problems].slice(0, PROBLEMS_MAX).map(
    ({ path, code, message }): ChecksProblem => ({
      ...{ file, ...positionOf(document, lines, path), path: pathText(path), code, message },
    }),
  );
  return problems.length === 0
    ? { checks: placed.checks, problems }
    : refused(...problems.toSorted((one, other) => one.line - other.line || one.column - other.column));
}

/** A file may hold one check alone, without the list around it. */
function plain(document: Document): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    const alone = typeof value === 'object' && value !== null && 'kind' in value && !('checks' in value);
    return alone ? { checks: [value] } : (value ?? null);
  } catch {
    return undefined;
  }
}

function onTheMap(checks: Checks, document: Document, component: (reference: string) => string | undefined) {
  const problems: Problem[] = [];
  const list = document.has('checks') ? document.get('checks') : undefined;
  const resolved = checks.map((check) => {
    const known = component(check.component);
    if (known !== undefined) return { ...check, component: known };
    const index = isSeq(list) ? list.items.findIndex((item) => isMap(item) && item.get('id') === check.id) : 0;
    const message = `"${check.component}" is not on the map`;
    problems.push({ path: ['checks', Math.max(0, index), 'component'], code: 'component-unknown', message });
    return check;
  });
  return { checks: resolved, problems };
}

/** Of the key itself where there is one, else of the deepest thing the path leads to. */
function positionOf(document: Document, lines: LineCounter, path: Problem['path']): { line: number; column: number } {
  const alone = isMap(document.contents) && !document.has('checks') && path.length > 1 ? path.slice(2) : path;
  for (let length = alone.length; length >= 0; length -= 1) {
    const parent = length < 2 ? document.contents : document.getIn(alone.slice(0, length - 1), true);
    const key = alone[length - 1];
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      : undefined;
    const value = length === 0 ? document.contents : document.getIn(alone.slice(0, length), true);
    const node = isPair(pair) && isNode(pair.key) ? pair.key : value;
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return { line, column: col };
    }
  }
  return { line: 1, column: 1 };
}
