import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { branchesOf } from './branches.ts';
import { type Crash, counters, inputBytes, type Order, type Report } from './messages.ts';
import { longestInput } from './mutate.ts';
import { crashFolder, inputName } from './target.ts';

/** One input that runs this long is a hang: a parser of ours reads 64 kB in milliseconds. */
const patienceSeconds = 20;
const heapMegabytesMax = 1024;

type Done = Extract<Report, { type: 'done' }>;

export interface Campaign {
  file: string;
  done: Done | undefined;
  crashes: Crash[];
}

/** Fuzzes one target in a thread of its own, which a hang or an exhausted heap may not take us down with. */
export async function campaign(order: Omit<Order, 'shared'>, hangSeconds = patienceSeconds): Promise<Campaign> {
  const shared = new SharedArrayBuffer(8 + longestInput);
  const crashes: Crash[] = [];
  let done: Done | undefined;
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { ...order, shared } satisfies Order,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  });
  const lastInput = () => inputBytes(shared).slice(0, Atomics.load(counters(shared), 1));
  let [executions, quiet] = [-1, 0];
  const watch = setInterval(() => {
    const now = Atomics.load(counters(shared), 0);
    quiet = now === executions ? quiet + 1 : 0;
    executions = now;
    if (quiet < hangSeconds || now === 0) return;
    crashes.push({ kind: 'hang', message: `still running after ${hangSeconds} s`, input: lastInput() });
    void worker.terminate();
  }, 1000);
  worker.on('message', (report: Report) => {
    if (report.type === 'crash') crashes.push(report.crash);
    else done = report;
  });
  worker.on('error', (error: Error) => {
    crashes.push({ kind: 'death', message: error.stack ?? error.message, input: lastInput() });
  });
  await new Promise((resolve) => worker.on('exit', resolve));
  clearInterval(watch);
  return { file: order.file, done, crashes };
}

/** Keeps each crash beside its target, where every later test runs it again; tells the files. */
export function saveCrashes({ file, done, crashes }: Campaign, name = done?.name): string[] {
  if (crashes.length === 0 || name === undefined) return [];
  mkdirSync(crashFolder(file), { recursive: true });
  return crashes.map(({ input }) => {
    const path = join(crashFolder(file), inputName(name, input));
    writeFileSync(path, input);
    return path;
  });
}

/** Kept small: a file of each target is read by every run, and by people who look at a change. */
const corpusBytesMax = 16_384;

/** Where the inputs that reached something new are kept, one in base64 a line, to start from another time. */
const corpusFile = (name: string): string => join(import.meta.dirname, 'corpus', `${name.replaceAll(' ', '-')}.txt`);

/** The short ones, in the order in which they were found, as many as the file may hold. */
export function saveCorpus({ done }: Campaign): void {
  if (done === undefined) return;
  const lines = [...new Set(done.corpus.map((input) => Buffer.from(input).toString('base64')))].filter(
    (line) => line !== '',
  );
  let left = corpusBytesMax;
  const kept = new Set(
    lines
      .toSorted((one, other) => one.length - other.length)
      .filter((line) => {
        left -= line.length + 1;
        return left >= 0;
      }),
  );
  mkdirSync(join(import.meta.dirname, 'corpus'), { recursive: true });
  writeFileSync(
    corpusFile(done.name),
    lines
      .filter((line) => kept.has(line))
      .map((line) => `${line}\n`)
      .join(''),
  );
}

export function keptCorpus(name: string): Uint8Array[] {
  const file = corpusFile(name);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => new Uint8Array(Buffer.from(line, 'base64')));
}

/** The same as a line of the table of docs/security/fuzzing.md. */
export function campaignRow({ done, crashes, file }: Campaign): string {
  if (done === undefined) return `| ${file} | – | – | – | – | ${crashes.length} | – | – |`;
  const { name, executions, seconds, slowest, heapBytesMax, corpus } = done;
  const { ran, total } = branchesOf(done.ran);
  return `| ${[
    name,
    executions.toLocaleString('en'),
    Math.round(executions / seconds).toLocaleString('en'),
    `${ran}/${total}`,
    corpus.length,
    crashes.filter(({ kind }) => kind !== 'hang').length,
    `${crashes.filter(({ kind }) => kind === 'hang').length}; slowest ${slowest.milliseconds.toFixed(0)} ms`,
    `${Math.round(heapBytesMax / 2 ** 20)} MB`,
  ].join(' | ')} |`;
}

export function describeCampaign({ done, crashes, file }: Campaign): string {
  if (done === undefined) return `${file}: did not finish, ${crashes.length} crashes`;
  const { name, executions, seconds, slowest, heapBytesMax, corpus } = done;
  const { ran, total } = branchesOf(done.ran);
  const megabytes = Math.round(heapBytesMax / 2 ** 20);
  return (
    `${name}: ${executions} executions (${Math.round(executions / seconds)}/s), branches ${ran}/${total}, ` +
    `corpus ${corpus.length}, slowest ${slowest.milliseconds.toFixed(1)} ms on ${slowest.input.length} bytes, ` +
    `heap at most ${megabytes} MB, ${crashes.length} crashes`
  );
}
