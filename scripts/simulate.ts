import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readMapFolder } from '../src/adapters/yaml/mapFolder.ts';
import { readPlans } from '../src/main/configuration.ts';
import { PromiseBroken, simulate } from './simulation/hospital.ts';

const usage = `npm run simulate -- [--seed N] [--runs N] [--acts N] [--map FOLDER]
  Plays whole hospitals at random, under a fake clock, and checks every promise of the rooms after each act.
  The same seed is the same story. Default: one run of 2000 acts, seed from the clock, on the laboratory's map.`;

const whole = (text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  process.stderr.write(`${usage}\n`);
  process.exit(2);
};

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string' },
    acts: { type: 'string' },
    map: { type: 'string', default: join(import.meta.dirname, '..', 'lab', 'reflexe') },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const first = whole(values.seed, Date.now() % 1_000_000);
const [map, plans] = [await readMapFolder(values.map), await readPlans(values.map)];
if (map.document === undefined || plans.value === undefined) {
  process.stderr.write(`${values.map}: a map and plans are expected there\n`);
  process.exit(2);
}
for (let seed = first; seed < first + whole(values.runs, 1); seed += 1) {
  const begun = performance.now();
  try {
    const told = simulate({ seed, acts: whole(values.acts, 2000), map: map.document, plans: plans.value });
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const seen = Object.entries(told.seen).map(([type, count]) => `${type} ${count}`);
    process.stdout.write(
      `seed ${seed}: ${told.acts} acts, ${told.events} events, ${told.hours} h, ${told.restarts} restarts, ${seconds} s\n  ${seen.join(', ')}\n`,
    );
  } catch (error) {
    if (!(error instanceof PromiseBroken)) throw error;
    process.stderr.write(`${error.message}\nThe same again: npm run simulate -- --seed ${seed}\n`);
    process.exitCode = 1;
    break;
  }
}
