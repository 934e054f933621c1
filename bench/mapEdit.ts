import { memoryEngine } from '../src/journal/memory.ts';
import { accept } from '../src/journal/result.ts';
import { documentHash } from '../src/journal/seal.ts';
import { importDocuments } from '../src/main/imports.ts';
import { HospitalWorld } from '../src/main/world.ts';
import { compile } from '../src/map/compile.ts';
import { mapProblems } from '../src/map/document/check.ts';
import { smallMap } from '../src/map/fixture.ts';
import type { HospitalMap, Need } from '../src/map/model.ts';
import { changeMap } from '../src/server/changeMap.ts';
import { median, type Report, round } from './measure.ts';

const components = 100_000;
const edits = 100;

/** Trees of ten with a choice among a hundred at the bottom, and care functions on their leaves. */
function largeMap(): HospitalMap {
  const needs = (index: number): Need | null =>
    index < 100
      ? null
      : {
          all: [
            { need: `c${Math.floor(index / 10)}` },
            { any: [{ need: `c${index % 100}` }, { need: `c${(index * 7) % 100}` }] },
          ],
        };
  return smallMap(
    Object.fromEntries(Array.from({ length: components }, (_, index) => [`c${index}`, needs(index)])),
    Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`f${index}`, { needs: { need: `c${components - 1 - index * 3}` } }]),
    ),
  );
}

const timed = async (act: () => unknown): Promise<number> => {
  const start = performance.now();
  await act();
  return performance.now() - start;
};

/** One edit of a large map, decided and folded, beside reading the whole map for what is wrong with it. */
export async function run(): Promise<Report> {
  const opened = await HospitalWorld.open({
    id: 'bench',
    kind: 'exercise',
    establishment: 'h',
    engine: async () => accept(memoryEngine()),
    clock: { now: Date.now, speed: 1 },
    onTrouble: () => {},
  });
  if (!opened.ok) throw new Error(opened.refusal.message);
  const world = opened.value;
  const imported = await importDocuments(world, { map: largeMap() }, 'bench');
  if (!imported.ok) throw new Error(imported.refusal.message);
  const document = () => {
    const now = world.state.map.document;
    if (now === null) throw new Error('no map');
    return now;
  };
  const edit = async (index: number) => {
    const from = document().components[(index * 997) % components];
    if (from === undefined) throw new Error('no component');
    const to = { ...from, name: { fr: `Renommé ${index}` } };
    const command = changeMap(document(), [{ section: 'components', id: from.id, from, to }], { source: 'person' });
    const answer = await world.journal.queue.submit(command, { actor: 'person:bench' });
    if (!answer.ok) throw new Error(answer.refusal.message);
  };
  const first = await timed(() => edit(0));
  const each: number[] = [];
  const compiling: number[] = [];
  for (let index = 1; index <= edits; index += 1) {
    each.push(await timed(() => edit(index)));
    if (index % 10 === 0) compiling.push(await timed(() => compile(document())));
  }
  const whole = await timed(() => mapProblems(document()));
  const hashed = await timed(() => documentHash(JSON.parse(JSON.stringify(document()))));
  const fresh = await timed(() => compile(structuredClone(document())));
  await world.close();
  const ratio = (whole + hashed) / median(each);
  return {
    name: 'mapEdit',
    lines: [
      line(
        `one edit of ${components} components, durable (median of ${edits})`,
        `${round(median(each))} ms`,
        '≤ 20 ms',
        median(each) <= 20,
      ),
      line('the slowest edit', `${round(Math.max(...each))} ms`, 'told', true),
      line('the first edit after a start', `${round(first)} ms`, 'told', true),
      line('the whole map checked and hashed, beside one edit', `${round(ratio)} ×`, '≥ 20 ×', ratio >= 20),
      line('compiled again after an edit (median)', `${round(median(compiling))} ms`, 'told', true),
      line('compiled from nothing, beside that', `${round(fresh / median(compiling))} ×`, 'told', true),
    ],
  };
}

const line = (measure: string, value: string, target: string, met: boolean) => ({ measure, value, target, met });
