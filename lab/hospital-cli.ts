import { spawn } from 'node:child_process';
import { mkdtempSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readDescription } from './description.ts';
import { startHospital } from './hospital.ts';
import { endRun } from './run/ending.ts';
import { bootId, isAlive, signalProcess } from './run/processes.ts';
import { readRecord } from './run/record.ts';
import { Fatal, until } from './run/waiting.ts';

const USAGE = `node lab/hospital-cli.ts start [--folder DIR] [--seed S] [--patients N] [--studies N] [--feed PER_SECOND] [--detach]
node lab/hospital-cli.ts stop --folder DIR      ends it, also from another terminal and after a crash
node lab/hospital-cli.ts status --folder DIR    what runs, and where
`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string' },
    seed: { type: 'string', default: '1' },
    patients: { type: 'string' },
    studies: { type: 'string' },
    feed: { type: 'string', default: '1' },
    detach: { type: 'boolean', default: false },
  },
});

const say = (text: string) => process.stderr.write(`${text}\n`);

async function start(folder: string): Promise<void> {
  const stop = new AbortController();
  const asked = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        stop.abort(new Error(`stopped by ${signal}`));
        done();
      });
    }
  });
  const hospital = await startHospital({
    folder,
    seed: values.seed,
    ...(values.patients ? { patients: Number(values.patients) } : {}),
    ...(values.studies ? { studies: Number(values.studies) } : {}),
    signal: stop.signal,
    onProgress: ({ what, done, total }) => say(`${done}/${total} ${what}`),
  });
  // Nothing keeps the process alive but what it waits for: the services are not its own to watch.
  const alive = setInterval(() => {}, 60_000);
  if (Number(values.feed) > 0) hospital.feed.start(Number(values.feed));
  process.stdout.write(`${JSON.stringify(hospital.description, null, 2)}\n`);
  say(
    `The hospital runs in ${hospital.description.folder}. Stop it with Ctrl-C, or:\n  node lab/hospital-cli.ts stop --folder ${hospital.description.folder}`,
  );
  await asked;
  clearInterval(alive);
  await hospital.stop();
}

/** Starts the same command in a session of its own, and returns once the hospital is ready. */
async function startDetached(folder: string): Promise<void> {
  const log = openSync(`${folder}.log`, 'a', 0o600);
  const args = process.argv.slice(2).filter((one) => one !== '--detach' && one !== '--folder' && one !== values.folder);
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args, '--folder', folder], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  await until('the hospital is ready', 120, () => {
    if (ended) throw new Fatal(`the hospital did not start: see ${folder}.log`);
    return readRecord(folder)?.entries.some(({ kind }) => kind === 'ready') || undefined;
  });
  child.unref();
  process.stdout.write(`${JSON.stringify(readDescription(folder), null, 2)}\n`);
}

async function stop(folder: string): Promise<void> {
  const record = readRecord(folder);
  if (!record) {
    say(`${folder}: no lab's record here; nothing to stop`);
    return;
  }
  const { starter, boot } = record.run;
  if (boot === bootId() && isAlive(starter) && starter.pid !== process.pid) {
    // The starter stops in order by itself; where it cannot, what it recorded is ended below.
    signalProcess(starter, 'SIGTERM');
    await until('the starter has ended', 30, () => (isAlive(starter) ? undefined : true)).catch(() => {});
    if (isAlive(starter)) signalProcess(starter, 'SIGKILL');
  }
  const ended = await endRun(folder);
  say(`${folder}: stopped${ended.processes.map(({ what, pid }) => `\n  ended ${what} (${pid})`).join('')}`);
}

function status(folder: string): void {
  const record = readRecord(folder);
  const here = record?.run.boot === bootId();
  const processes = (record?.entries ?? []).flatMap((entry) =>
    entry.kind === 'process' && here && isAlive(entry) ? [{ what: entry.what, pid: entry.pid }] : [],
  );
  const found = {
    running: processes.length > 0,
    ready: processes.length > 0 && (record?.entries.some(({ kind }) => kind === 'ready') ?? false),
    starterAlive: record !== undefined && here && isAlive(record.run.starter),
    processes,
    description: readDescription(folder) ?? null,
  };
  process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
}

const verb = positionals[0];
try {
  if (verb === 'start') {
    const folder = resolve(values.folder ?? mkdtempSync(join(tmpdir(), 'reflexe-lab-')));
    await (values.detach ? startDetached(folder) : start(folder));
  } else if ((verb === 'stop' || verb === 'status') && values.folder) {
    await { stop, status }[verb](resolve(values.folder));
  } else {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
