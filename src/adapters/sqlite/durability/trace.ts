/**
 * What a traced process did to its files, in order. A call is seen twice, as it begins and as it ends: what a flush makes
 * durable is what was written before it began; it is durable once it has ended.
 */
export interface Call {
  at: 'begin' | 'end';
  thread: string;
  name: string;
  /** Text arguments, file descriptors' paths included, decoded. */
  args: Argument[];
  /** Meaningful at the end only; negative where the call failed. */
  result: number;
}

export type Argument =
  | { kind: 'text'; bytes: Buffer }
  | { kind: 'descriptor'; number: number; path: string }
  | { kind: 'word'; word: string };

export const tracedCalls = [
  'open,openat,creat,close,dup,dup2,dup3,write,writev,pwrite64,pwritev,pwritev2,lseek,fsync,fdatasync,sync_file_range',
  'ftruncate,truncate,fallocate,rename,renameat,renameat2,unlink,unlinkat,link,linkat,copy_file_range,sendfile',
].join(',');

/** strace's options for the text this file reads: threads, paths of descriptors, every string whole and in hexadecimal. */
export const straceOptions = ['-f', '-y', '-xx', '-s', '4000000', '--seccomp-bpf', '-e', `trace=${tracedCalls}`];

function argumentsOf(text: string): Argument[] {
  const args: Argument[] = [];
  for (let at = 0; at < text.length; ) {
    // Strings may be megabytes long: found by their quotes, not by a pattern.
    if (text[at] === '"') {
      const end = text.indexOf('"', at + 1);
      if (text.startsWith('...', end + 1)) throw new Error('strace shortened a string');
      args.push({ kind: 'text', bytes: unhex(text.slice(at + 1, end)) });
      at = end + 1;
    } else {
      const comma = text.indexOf(',', at);
      const word = text.slice(at, comma < 0 ? text.length : comma).trim();
      const [, descriptor, path = ''] = /^(\d+|AT_FDCWD)<(.*)>$/.exec(word) ?? [];
      if (descriptor !== undefined) {
        args.push({ kind: 'descriptor', number: Number(descriptor), path: unhex(path).toString() });
      } else args.push({ kind: 'word', word });
      at = comma < 0 ? text.length : comma;
    }
    while (text[at] === ',' || text[at] === ' ') at++;
  }
  return args;
}

/** `\xNN` four characters a byte; text without an escape stands for itself. */
function unhex(text: string): Buffer {
  if (!text.startsWith('\\x')) return Buffer.from(text);
  const bytes = Buffer.alloc(text.length / 4);
  for (let at = 0; at < bytes.length; at++) bytes[at] = digit(text, at * 4 + 2) * 16 + digit(text, at * 4 + 3);
  return bytes;
}

function digit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 58 ? code - 48 : code - 87;
}

/** The calls of a trace written with `straceOptions`. */
export function* callsOf(trace: string): Generator<Call> {
  const unfinished = new Map<string, { name: string; text: string }>();
  let from = 0;
  while (from < trace.length) {
    const to = trace.indexOf('\n', from);
    const line = trace.slice(from, to < 0 ? trace.length : to);
    from = to < 0 ? trace.length : to + 1;
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/s.exec(line) ?? [];
    const resumed = /^<\.\.\. (\w+) resumed>(.*)$/s.exec(rest);
    if (resumed !== null) {
      const begun = unfinished.get(thread);
      unfinished.delete(thread);
      if (begun !== undefined) yield* ended(thread, begun.name, begun.text + (resumed[2] ?? ''));
      continue;
    }
    const [, name, text = ''] = /^(\w+)\((.*)$/s.exec(rest) ?? [];
    // Signals and ends of threads are no calls.
    if (name === undefined) continue;
    const interrupted = text.indexOf(' <unfinished ...>');
    if (interrupted >= 0) {
      const begun = text.slice(0, interrupted);
      unfinished.set(thread, { name, text: begun });
      yield { at: 'begin', thread, name, args: argumentsOf(begun), result: 0 };
      continue;
    }
    const whole = [...ended(thread, name, text)];
    for (const call of whole) yield { ...call, at: 'begin' };
    yield* whole;
  }
}

/** The end of a line, where the result stands, is never longer. */
const resultCharactersMax = 20_000;

function* ended(thread: string, name: string, text: string): Generator<Call> {
  const tail = text.slice(-resultCharactersMax);
  const [whole, result] = /\)\s+= (-?\d+|\?)(?:<[^>]*>)?(?: [^"]*)?$/.exec(tail) ?? [];
  if (whole === undefined) throw new Error(`strace said ${name}(${text.slice(0, 200)}`);
  const args = argumentsOf(text.slice(0, text.length - whole.length));
  yield { at: 'end', thread, name, args, result: result === '?' ? -1 : Number(result) };
}
