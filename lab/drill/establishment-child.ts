import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { cleanRoom } from '../../src/adapters/cleanRoom/cleanRoom.ts';
import { SecretFiles } from '../../src/adapters/secretFiles/secretFiles.ts';
import { Establishment } from '../../src/main/establishment.ts';
import type { HospitalCommand } from '../../src/main/hospital.ts';
import type { RestorationView } from '../../src/restore/views.ts';

/**
 * A hub's establishment in a process of its own, to be killed by tests. Tells every durable event as one JSON line, obeys
 * JSON lines of standard input, and ends when that ends. `--die-at TEXT`: kills itself with SIGKILL, inside the very call that
 * learns of the first event whose line matches the expression TEXT: that event is durable, and nothing was done about it.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '' },
    configuration: { type: 'string', default: '' },
    secrets: { type: 'string', default: '' },
    socket: { type: 'string', default: '' },
    state: { type: 'string', default: '' },
    programs: { type: 'string', default: '' },
    'die-at': { type: 'string', multiple: true, default: [] },
  },
});

/** Synchronous, so that what was told was told before the end. */
const tell = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);

const opened = await Establishment.open({
  id: 'live',
  kind: 'live',
  folder: values.data,
  configuration: values.configuration,
  secrets: new SecretFiles(values.secrets),
  sealer: null,
  cleanRoom: cleanRoom({ socket: values.socket, state: values.state, programs: values.programs }),
  onTrouble: (what, error) => tell({ trouble: what, why: error instanceof Error ? error.message : String(error) }),
});
if (!opened.ok) {
  tell({ refused: opened.refusal });
  process.exit(1);
}
const { world, openings } = opened.value;
const { queue, store } = world.journal;
const deadly = values['die-at'].map((text) => new RegExp(text));

queue.onDurable(({ events }) => {
  for (const { type, sequence, data } of events) {
    const line = JSON.stringify({ event: type, sequence, data });
    tell({ event: type, sequence, data });
    if (deadly.some((expression) => expression.test(line))) process.kill(process.pid, 'SIGKILL');
  }
});
let blocked = '';
world.views.onDurable(() => {
  // Only `restoration` is computed here; its type is that view's.
  const { recoveries } = world.views.compute('restoration') as RestorationView;
  const now = JSON.stringify(recoveries.map((recovery) => recovery.blocked));
  if (now !== blocked) tell({ blocked: recoveries.map((recovery) => recovery.blocked) });
  blocked = now;
});

async function answer(ask: {
  command?: HospitalCommand;
  state?: boolean;
  openings?: boolean;
  events?: boolean;
  verify?: boolean;
}): Promise<unknown> {
  if (ask.command !== undefined) return queue.submit(ask.command, { actor: 'person:test' });
  if (ask.state === true) return queue.durable.state;
  if (ask.openings === true) return openings?.list();
  if (ask.events === true) {
    const events: object[] = [];
    for (let read = await store.read(0, 500); read.length > 0; read = await store.read(read.at(-1)?.sequence ?? 0, 500))
      events.push(...read.map(({ type, sequence, data }) => ({ event: type, sequence, data })));
    return events;
  }
  if (ask.verify === true) {
    await queue.settled();
    return world.journal.verify();
  }
  return null;
}

tell({ ready: true });
const lines = createInterface({ input: process.stdin });
for await (const line of lines) {
  const { id, ...ask } = JSON.parse(line);
  tell({ id, answer: await answer(ask) });
}
await opened.value.close();
process.exit(0);
