import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readMapFolder } from '../adapters/yaml/mapFolder.ts';
import { memoryEngine } from '../journal/memory.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { Scenario } from '../prepare/scenario.ts';
import { StoryClock } from './clock.ts';
import { configurationInvalid, readPlans } from './configuration.ts';
import { importDocuments } from './imports.ts';
import { healthyCommands } from './story.ts';
import { StoryPlayer } from './storyPlayer.ts';
import { HospitalWorld } from './world.ts';
import type { Worlds } from './worlds.ts';

/** Exercises at once: each is a hospital in memory. */
const EXERCISES_MAX = 4;
export const SPEED_MAX = 20_000;

export interface ExercisesParts {
  worlds: Worlds;
  /** Says in its journal that an exercise ran; its real alarms interrupt exercises. */
  live: { readonly world: HospitalWorld };
  scenariosFolder: string;
  examplesFolder: string;
  onTrouble(what: string, error: unknown): void;
}

interface Playing {
  world: HospitalWorld;
  clock: StoryClock;
  player: StoryPlayer;
}

/** Stories played on an example map, each in a world of its own: the same code, no outward effect, its facts forgotten at the end. */
export class Exercises {
  readonly #parts: ExercisesParts;
  readonly #playing = new Map<string, Playing>();
  #unsubscribe: () => void = () => {};
  #count = 0;

  constructor(parts: ExercisesParts) {
    this.#parts = parts;
    this.follow();
  }

  /** Hears the real alarms of the establishment at work now. */
  follow(): void {
    this.#unsubscribe();
    this.#unsubscribe = this.#parts.live.world.journal.queue.onDurable(({ events }) => {
      if (events.some((event) => event.type === 'AlarmRaised')) void this.#interrupt();
    });
  }

  async scenarios(): Promise<Scenario[]> {
    const names = await readdir(this.#parts.scenariosFolder).catch(() => []);
    const read = await Promise.all(
      names
        .filter((name) => name.endsWith('.yaml'))
        .toSorted()
        .map(async (name) => {
          const scenario = Scenario.safeParse(parse(await readFile(join(this.#parts.scenariosFolder, name), 'utf8')));
          if (!scenario.success) this.#parts.onTrouble(`scenario ${name}`, z.prettifyError(scenario.error));
          return scenario.success ? [scenario.data] : [];
        }),
    );
    return read.flat();
  }

  async start(id: string, speed: number, by: string): Promise<Result<{ world: string }>> {
    const scenario = (await this.scenarios()).find((known) => known.id === id);
    if (scenario === undefined) return refuse('scenario-unknown', 'No story has this name.', { where: id });
    if (this.#playing.size >= EXERCISES_MAX) {
      return refuse('exercises-too-many', `${EXERCISES_MAX} exercises already run here.`, {
        cure: 'Stop one of them first.',
        retryable: true,
      });
    }
    this.#count += 1;
    const name = `exercise-${this.#count}`;
    const clock = new StoryClock(Date.parse(scenario.start), speed);
    // It runs once everything is in place: a story that is opened slowly still starts at its start.
    clock.waitAt(Date.parse(scenario.start));
    const opened = await this.#open(name, scenario, clock);
    if (!opened.ok) return opened;
    const world = opened.value;
    const { onTrouble, worlds } = this.#parts;
    const player = new StoryPlayer({
      world,
      scenario,
      clock,
      onFinished: () => worlds.changed(name),
      onRefused: ({ at }, command, refusal) =>
        onTrouble(`exercise ${at} ${command.type}: ${refusal.code} ${refusal.where ?? ''}`, refusal.message),
      onTrouble: ({ at }, error) => onTrouble(`exercise ${at}`, error),
    });
    this.#playing.set(name, { world, clock, player });
    worlds.add(world);
    player.start();
    await this.#parts.live.world.journal.queue.submit(
      { type: 'StartExercise', exercise: name, scenario: id, speed },
      { actor: by },
    );
    return accept({ world: name });
  }

  setSpeed(name: string, speed: number): Result<void> {
    const playing = this.#playing.get(name);
    if (playing === undefined) return refuse('not-found', 'This exercise is over.', { where: name });
    playing.clock.speed = speed;
    this.#parts.worlds.changed(name);
    return accept(undefined);
  }

  async stop(name: string, reason: 'stopped' | 'finished' | 'realAlarm', by: string): Promise<Result<void>> {
    const playing = this.#playing.get(name);
    if (playing === undefined) return accept(undefined);
    this.#playing.delete(name);
    this.#parts.worlds.remove(name);
    await playing.player.stop();
    await playing.world.close();
    await this.#parts.live.world.journal.queue.submit(
      { type: 'EndExercise', exercise: name, reason: playing.player.finished ? 'finished' : reason },
      { actor: by },
    );
    return accept(undefined);
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    for (const name of [...this.#playing.keys()]) await this.stop(name, 'stopped', 'ticker');
  }

  async #interrupt(): Promise<void> {
    for (const name of [...this.#playing.keys()]) await this.stop(name, 'realAlarm', 'ticker');
  }

  async #open(name: string, scenario: Scenario, clock: StoryClock): Promise<Result<HospitalWorld>> {
    const folder = join(this.#parts.examplesFolder, scenario.map);
    const map = await readMapFolder(folder);
    const plans = await readPlans(folder);
    if (map.document === undefined) return configurationInvalid(folder, map.problems);
    const opened = await HospitalWorld.open({
      id: name,
      kind: 'exercise',
      establishment: map.document.establishment.id,
      engine: async () => accept(memoryEngine()),
      clock,
      scenario: () => ({ id: scenario.id, finished: this.#playing.get(name)?.player.finished ?? false }),
      onTrouble: this.#parts.onTrouble,
    });
    if (!opened.ok) return opened;
    const imported = await importDocuments(opened.value, { map: map.document, plans: plans.value }, scenario.map);
    if (!imported.ok) return imported;
    const { queue } = opened.value.journal;
    const by = { actor: 'exercise' };
    // The story starts on a hospital that works: everything on the map was seen up.
    const everythingUp = healthyCommands(map.document, new Date(clock.now()).toISOString());
    await Promise.all(everythingUp.map((command) => queue.submit(command, by)));
    return opened;
  }
}
