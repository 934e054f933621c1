/** A regular expression as a tree: enough of ECMAScript's grammar (22.2.1) for ours; anything else is refused aloud. */
export type RegexNode =
  | { kind: 'empty' }
  /** One character of the text: its source decides which. */
  | { kind: 'one'; matches: (character: string) => boolean }
  | { kind: 'sequence'; parts: RegexNode[] }
  | { kind: 'either'; branches: RegexNode[] }
  | { kind: 'repeat'; body: RegexNode; min: number; max: number; lazy: boolean }
  | { kind: 'start' | 'end' | 'boundary' | 'noBoundary' }
  | { kind: 'look'; body: RegexNode; ahead: boolean; negative: boolean };

export function parseRegex(source: string, flags: string): RegexNode {
  let at = 0;
  const unicode = flags.includes('u') || flags.includes('v');
  const multiline = flags.includes('m');

  const one = (text: string): RegexNode => {
    const single = new RegExp(`^(?:${text})$`, flags.replace(/[gmy]/g, ''));
    return { kind: 'one', matches: (character) => single.test(character) };
  };
  const take = (pattern: RegExp): string | undefined => {
    const found = new RegExp(pattern.source, `${pattern.flags}y`);
    found.lastIndex = at;
    const [text] = found.exec(source) ?? [];
    if (text !== undefined) at += text.length;
    return text;
  };

  function either(): RegexNode {
    const branches = [sequence()];
    while (take(/\|/) !== undefined) branches.push(sequence());
    const [only] = branches;
    return branches.length === 1 && only ? only : { kind: 'either', branches };
  }

  function sequence(): RegexNode {
    const parts: RegexNode[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(quantified(atom()));
    return { kind: 'sequence', parts };
  }

  function quantified(body: RegexNode): RegexNode {
    const mark = take(/[*+?]|\{\d+(?:,\d*)?\}/);
    if (mark === undefined) return body;
    const [min = 0, max = min] =
      mark === '*' ? [0, Infinity] : mark === '+' ? [1, Infinity] : mark === '?' ? [0, 1] : bounds(mark);
    return { kind: 'repeat', body, min, max, lazy: take(/\?/) !== undefined };
  }

  function bounds(mark: string): [number, number] {
    const [low = '0', high] = mark.slice(1, -1).split(',');
    return [Number(low), high === undefined ? Number(low) : high === '' ? Infinity : Number(high)];
  }

  function atom(): RegexNode {
    if (take(/\^/)) return multiline ? { kind: 'boundary' } : { kind: 'start' };
    if (take(/\$/)) return multiline ? { kind: 'boundary' } : { kind: 'end' };
    if (take(/\\b/)) return { kind: 'boundary' };
    if (take(/\\B/)) return { kind: 'noBoundary' };
    const look = take(/\(\?<?[=!]/);
    if (look !== undefined)
      return group((body) => ({ kind: 'look', body, ahead: !look.includes('<'), negative: look.endsWith('!') }));
    if (take(/\((?:\?:|\?<[A-Za-z]\w*>)?/) !== undefined) return group((body) => body);
    const classText = take(/\[\^?(?:\\.|[^\]\\])*\]/su);
    if (classText !== undefined) return one(classText);
    const escaped = take(/\\(?:[pP]\{[^}]+\}|u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|c[a-z]|[^1-9bBk])/iu);
    if (escaped !== undefined) return one(escaped);
    const plain = take(unicode ? /[^()[\]{}*+?\\|^$]/su : /[^()[*+?\\|^$]/s);
    if (plain !== undefined) return one(plain);
    throw new Error(`this test cannot read the regular expression /${source}/ at ${at}: ${source.slice(at, at + 10)}`);
  }

  function group(wrap: (body: RegexNode) => RegexNode): RegexNode {
    const body = either();
    if (take(/\)/) === undefined) throw new Error(`/${source}/ lacks a ) at ${at}`);
    return wrap(body);
  }

  const tree = either();
  if (at !== source.length) throw new Error(`/${source}/ was read to ${at} only`);
  return tree;
}
