import process from 'node:process';
import { z } from 'zod';
import { sqliteEngine } from '../src/adapters/sqlite/engine.ts';
import { eventsOf } from '../src/journal/codec.ts';
import { defineEvent, type EventIn, type Json, type RecordedEvent } from '../src/journal/event.ts';
import { openJournal } from '../src/journal/open.ts';
import type { World } from '../src/journal/queue.ts';
import { accept, type Result, refuse } from '../src/journal/result.ts';
import { documentHash } from '../src/journal/seal.ts';
import { emptyTable, type Table, tableFrom, tableGet, tableSet, tableSize } from '../src/journal/table.ts';

/** A hub of the size the product is made for, in a process of its own: `startup.worker.ts import|fill|open|refold FOLDER`. */
const componentCount = 100_000;
const taskCount = 2_000;
const eventCount = 1_000_000;
/** Commands in flight while filling: the hub's own bound is far above. */
const writers = 256;
/** Entries after the last snapshot when the hub is opened: some are always there after a crash. */
const tail = 5_000;

const MapImported = defineEvent('MapImported', 1, z.object({ document: z.string() }));
const ComponentSeen = defineEvent(
  'ComponentSeen',
  1,
  z.object({ component: z.string(), state: z.enum(['up', 'degraded', 'down']), milliseconds: z.number() }),
);
const TaskMoved = defineEvent('TaskMoved', 1, z.object({ task: z.string(), state: z.string(), by: z.string() }));
const definitions = [MapImported, ComponentSeen, TaskMoved] as const;

type Component = {
  id: string;
  name: string;
  kind: string;
  site: string;
  needs: { all: string[] };
  recoverySeconds: number;
  state: string;
  since: string;
};
type State = { components: Table<Component>; tasks: Table<{ state: string; by: string; at: string }> };
type Command =
  | { type: 'import'; components: Component[] }
  | { type: 'see'; component: string; state: 'up' | 'degraded' | 'down'; milliseconds: number }
  | { type: 'move'; task: string; state: string };

function evolve(state: State, recorded: RecordedEvent): State {
  const event = recorded as EventIn<typeof definitions>;
  switch (event.type) {
    case 'MapImported': {
      const components = event.documents?.[event.data.document] as unknown as Component[];
      return { ...state, components: tableFrom(components.map((one) => [one.id, one] as const)) };
    }
    case 'ComponentSeen': {
      const before = tableGet(state.components, event.data.component);
      if (before === undefined || before.state === event.data.state) return state;
      const component = { ...before, state: event.data.state, since: event.time };
      return { ...state, components: tableSet(state.components, component.id, component) };
    }
    case 'TaskMoved': {
      const { task, ...moved } = event.data;
      return { ...state, tasks: tableSet(state.tasks, task, { ...moved, at: event.time }) };
    }
    default:
      return state;
  }
}

function decide(state: State, command: Command): Result<ReturnType<(typeof definitions)[number]['of']>[]> {
  switch (command.type) {
    case 'import': {
      const components = command.components satisfies Json;
      const document = documentHash(components);
      return accept([MapImported.of({ document }, { documents: { [document]: components } })]);
    }
    case 'see': {
      const { type: _, ...seen } = command;
      if (tableGet(state.components, seen.component) === undefined) return refuse('unknown', 'no such component');
      return accept([ComponentSeen.of(seen)]);
    }
    case 'move':
      return accept([TaskMoved.of({ task: command.task, state: command.state, by: 'person:on-duty' })]);
  }
}

const world: World<State, Command> = { initial: { components: emptyTable(), tasks: emptyTable() }, evolve, decide };

function componentAt(index: number): Component {
  return {
    id: `hospital-a:component-${index}`,
    name: `Serveur applicatif ${index}, baie ${index % 40}, salle ${index % 7}`,
    kind: index % 3 === 0 ? 'server' : index % 3 === 1 ? 'application' : 'network',
    site: `hospital-a:site-${index % 12}`,
    needs: { all: [1, 7, 31].map((step) => `hospital-a:component-${(index + step) % componentCount}`) },
    recoverySeconds: 900 + (index % 100) * 60,
    state: 'up',
    since: '2024-08-03T01:12:00.000Z',
  };
}

const megabytes = (bytes: number): number => Math.round(bytes / 1_048_576);
const memoryMegabytes = (): number => megabytes(process.memoryUsage().rss);

/** What is really held: the heap once the collector was made to run (`--expose-gc`). */
function heldMegabytes(): number {
  globalThis.gc?.();
  return megabytes(process.memoryUsage().heapUsed);
}

const say = (line: object): void => console.log(JSON.stringify(line));

async function open(folder: string, foldKey = 'bench-startup-1') {
  const start = performance.now();
  const opened = await openJournal<State, Command>({
    engine: sqliteEngine(folder),
    establishment: 'hospital-a',
    events: eventsOf(definitions),
    world,
    foldKey,
    clock: () => Date.now(),
  });
  if (!opened.ok) throw new Error(opened.refusal.message);
  return { ...opened.value, milliseconds: performance.now() - start };
}

async function importMap(folder: string): Promise<void> {
  const { queue, close } = await open(folder);
  const components = Array.from({ length: componentCount }, (_, index) => componentAt(index));
  const answer = await queue.submit({ type: 'import', components }, { actor: 'import' });
  if (!answer.ok) throw new Error(answer.refusal.message);
  await close();
}

async function fill(folder: string): Promise<void> {
  const { queue, saveSnapshot } = await open(folder);
  const by = { actor: 'worker:bench' };
  const submit = async (command: Command): Promise<void> => {
    const answer = await queue.submit(command, by);
    if (!answer.ok) throw new Error(answer.refusal.message);
  };
  let sent = 1;
  let reported = 0;
  const start = performance.now();
  const total = eventCount - tail;
  async function write(until: number): Promise<void> {
    while (sent < until) {
      const n = sent++;
      if (n % 50 === 0 || n <= taskCount)
        await submit({ type: 'move', task: `task-${n % taskCount}`, state: n % 100 === 0 ? 'done' : 'open' });
      else {
        const component = `hospital-a:component-${(n * 7_919) % componentCount}`;
        await submit({ type: 'see', component, state: n % 11 === 0 ? 'down' : 'up', milliseconds: n % 300 });
      }
      if (Math.floor(n / 100_000) > reported) {
        reported = Math.floor(n / 100_000);
        // Collected by force at the first sample only, and at the end: between, the collector works as it does.
        const held = reported === 1 ? { heldMegabytes: heldMegabytes() } : {};
        say({ events: n, megabytes: memoryMegabytes(), ...held, seconds: (performance.now() - start) / 1_000 });
      }
    }
  }
  await Promise.all(Array.from({ length: writers }, () => write(total)));
  await saveSnapshot();
  await Promise.all(Array.from({ length: writers }, () => write(eventCount)));
  await queue.settled();
  say({
    events: queue.durable.head.sequence,
    megabytes: memoryMegabytes(),
    heldMegabytes: heldMegabytes(),
    seconds: (performance.now() - start) / 1_000,
  });
  // As a crash would: the snapshot is the last one, the tail stands after it.
  process.kill(process.pid, 'SIGKILL');
}

const [what, folder = ''] = process.argv.slice(2);
if (what === 'import') await importMap(folder);
else if (what === 'fill') await fill(folder);
else {
  const { queue, opened, milliseconds } = await open(folder, what === 'refold' ? 'another' : undefined);
  const { state, head } = queue.durable;
  say({
    milliseconds,
    sinceStart: performance.now(),
    events: head.sequence,
    components: tableSize(state.components),
    tasks: tableSize(state.tasks),
    ...opened,
    megabytes: memoryMegabytes(),
  });
  process.kill(process.pid, 'SIGKILL');
}
