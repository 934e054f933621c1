import { parseRegex, type RegexNode } from './parse.ts';

/**
 * How many characters a backtracking matcher compares before it gives its answer: V8's does no better on these trees. Counted, not
 * timed, so that the same text always costs the same. Past `most`, it stops and says so.
 */
export function stepsOf(tree: RegexNode, text: string, most: number, isGlobal = false): number {
  const characters = [...text];
  let steps = 0;
  class TooMany extends Error {}

  type Next = (at: number) => boolean;
  function match(node: RegexNode, at: number, next: Next): boolean {
    steps += 1;
    if (steps > most) throw new TooMany();
    switch (node.kind) {
      case 'empty':
        return next(at);
      case 'one': {
        const character = characters[at];
        return character !== undefined && node.matches(character) && next(at + 1);
      }
      case 'sequence':
        return inOrder(node.parts, 0, at, next);
      case 'either':
        return node.branches.some((branch) => match(branch, at, next));
      case 'repeat':
        return repeat(node, 0, at, next);
      case 'start':
        return at === 0 && next(at);
      case 'end':
        return at === characters.length && next(at);
      case 'boundary':
      case 'noBoundary':
        return next(at);
      case 'look':
        return lookAround(node, at) !== node.negative && next(at);
    }
  }
  const inOrder = (parts: readonly RegexNode[], index: number, at: number, next: Next): boolean => {
    const part = parts[index];
    return part === undefined ? next(at) : match(part, at, (after) => inOrder(parts, index + 1, after, next));
  };
  function repeat(node: RegexNode & { kind: 'repeat' }, done: number, at: number, next: Next): boolean {
    const more = (): boolean =>
      done < node.max &&
      match(node.body, at, (after) => (after === at && done >= node.min ? false : repeat(node, done + 1, after, next)));
    if (done < node.min) return more();
    return node.lazy ? next(at) || more() : more() || next(at);
  }
  function lookAround({ body, ahead }: RegexNode & { kind: 'look' }, at: number): boolean {
    if (ahead) return match(body, at, () => true);
    for (let from = at; from >= 0; from -= 1) if (match(body, from, (after) => after === at)) return true;
    return false;
  }

  try {
    for (let from = 0; from <= characters.length; ) {
      let end = from;
      const found = match(tree, from, (at) => {
        end = at;
        return true;
      });
      if ((found && !isGlobal) || startsAtStart(tree)) break;
      from = found && end > from ? end : from + 1;
    }
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
  }
  return steps;
}

/** Every way through begins with `^`: V8 does not try again from the next character. */
const startsAtStart = (node: RegexNode): boolean =>
  node.kind === 'start' ||
  (node.kind === 'sequence' && node.parts[0] !== undefined && startsAtStart(node.parts[0])) ||
  (node.kind === 'either' && node.branches.every(startsAtStart));

/** Characters an attacker would choose from: some that each part takes, some it does not. */
const pool = [...'a0 ._-:/%"\'|\\[](){}<>=,;@#!?*+&~^$`\t\r\nAZ9gxé\u00a0\u0000\u{1f600}'];

/** Texts made to hurt: for each repetition, what leads to it, what it takes many times over, and what it does not take at the end. */
export function hostileTexts(tree: RegexNode, length: number): string[] {
  const texts = new Set<string>();
  const starts = ['', 'x', '\u0000'];
  const ends = ['', '\u0000', '!', ' x', 'é', '\n'];
  const pumps = new Set<string>();
  const visit = (node: RegexNode, before: string): void => {
    if (node.kind === 'sequence') {
      let led = before;
      for (const part of node.parts) {
        visit(part, led);
        led += shortest(part);
      }
    } else if (node.kind === 'either') for (const branch of node.branches) visit(branch, before);
    else if (node.kind === 'look') visit(node.body, before);
    else if (node.kind === 'repeat') {
      // Also what begins a match, many times: each then tries the whole rest.
      for (const pump of new Set([...takenBy(node.body), ...before.slice(-1)])) {
        pumps.add(pump);
        const many = pump.repeat(Math.ceil(length / pump.length));
        for (const end of ends) texts.add(before + many + end);
        for (const start of starts) texts.add(`${start}${many}${start}`);
      }
      visit(node.body, before);
    }
  };
  visit(tree, '');
  // Repetitions that share what they take, one after the other; and what several together make.
  const few = [...pumps].slice(0, 12);
  for (const one of few) {
    for (const end of ends) {
      texts.add(one.repeat(length) + end);
      for (const other of few) texts.add((one + other).repeat(Math.ceil(length / 2)) + end);
    }
  }
  return [...texts];
}

function takenBy(node: RegexNode): string[] {
  const words = new Set([shortest(node)]);
  for (const one of onesIn(node)) for (const character of pool.filter(one.matches).slice(0, 4)) words.add(character);
  words.delete('');
  return [...words].slice(0, 8);
}

function onesIn(node: RegexNode): (RegexNode & { kind: 'one' })[] {
  if (node.kind === 'one') return [node];
  if (node.kind === 'sequence') return node.parts.flatMap(onesIn);
  if (node.kind === 'either') return node.branches.flatMap(onesIn);
  return node.kind === 'repeat' || node.kind === 'look' ? onesIn(node.body) : [];
}

function shortest(node: RegexNode): string {
  switch (node.kind) {
    case 'one':
      return pool.find(node.matches) ?? everyCharacter().find(node.matches) ?? '';
    case 'sequence':
      return node.parts.map(shortest).join('');
    case 'either':
      return node.branches.map(shortest).reduce((best, one) => (one.length < best.length ? one : best));
    case 'repeat':
      return shortest(node.body).repeat(Math.min(node.min, 64));
    default:
      return '';
  }
}

const everyCharacter = (): string[] => Array.from({ length: 0x300 }, (_, code) => String.fromCodePoint(code));

export interface Growth {
  /** Steps for the longer text over steps for one half as long: 2 is linear, 4 is quadratic, more is worse. */
  ratio: number;
  worst: string;
}

/** How the cost of the worst text found grows when it is twice as long, and twice again: the lesser of the two, since a bound makes one step. */
export function growthOf(source: string, flags: string, length = 24): Growth {
  const tree = parseRegex(source, flags);
  const most = 200_000;
  const [short, middle, long] = [1, 2, 4].map((times) => hostileTexts(tree, length * times));
  const cost = (text: string) => stepsOf(tree, text, most, flags.includes('g'));
  let ratio = 0;
  let worst = '';
  for (const [index, text] of (long ?? []).entries()) {
    const [half, quarter] = [middle?.[index], short?.[index]];
    if (half === undefined || quarter === undefined) continue;
    const many = cost(text);
    // Where even the longest costs no more than some steps a character, there is nothing to grow.
    if (many < length * 8) continue;
    const some = cost(half);
    const grown = many >= most ? Infinity : Math.min(many / some, some / cost(quarter));
    if (grown > ratio) [ratio, worst] = [grown, text];
  }
  return { ratio, worst };
}
