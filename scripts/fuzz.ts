import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import {
  type Campaign,
  campaign,
  campaignRow,
  describeCampaign,
  keptCorpus,
  saveCorpus,
  saveCrashes,
} from './fuzz/campaign.ts';
import { loadTarget, targetFiles } from './fuzz/target.ts';
import type { Tally } from './tally.ts';

const root = join(import.meta.dirname, '..');
const options = new Command('fuzz')
  .description(
    'Feeds the targets (*.fuzz.ts) inputs that reach ever more of their code, and keeps those that break them.',
  )
  .option('--seconds <n>', 'of work for all targets together; two are fuzzed at a time', '60')
  .option('--seed <n>', 'the same seed makes the same inputs, as long as the code is the same', '1')
  .option('--only <name>', 'targets whose name contains this')
  .option(
    '--keep',
    'keep the inputs that reached something new (scripts/fuzz/corpus), to start from them the next time',
  )
  .option('--table', 'tell each campaign as a line of the table of docs/security/fuzzing.md')
  .addHelpText('after', '\nExample:\n  npm run fuzz -- --only hl7 --seconds 600 --keep')
  .parse()
  .opts<{ seconds: string; seed: string; only?: string; keep?: true; table?: true }>();

const targets = await Promise.all(
  targetFiles(root).map(async (file) => ({ file, name: (await loadTarget(file)).name })),
);
const chosen = targets.filter(({ name }) => options.only === undefined || name.includes(options.only));
const tally: Tally = { passed: 0, failed: [], skipped: [] };
/** One target after another in each lane, as many lanes as the smallest machine has cores. */
const lanes = 2;
const left = chosen.values();
await Promise.all(
  Array.from({ length: lanes }, async () => {
    for (const target of left) await fuzz(target);
  }),
);
if (chosen.length === 0) process.stdout.write('no target: a *.fuzz.ts file under src, lab or scripts exports one\n');
if (process.env.REFLEXE_TALLY !== undefined) writeFileSync(process.env.REFLEXE_TALLY, JSON.stringify(tally));
process.exitCode = tally.failed.length > 0 || chosen.length === 0 ? 1 : 0;

async function fuzz({ file, name }: { file: string; name: string }): Promise<void> {
  const result = await campaign({
    root,
    file,
    seed: Number(options.seed),
    seconds: Number(options.seconds) / chosen.length,
    crashesMax: 10,
    corpus: keptCorpus(name),
  });
  process.stdout.write(`${options.table ? campaignRow(result) : describeCampaign(result)}\n`);
  if (options.keep) saveCorpus(result);
  note(result, name);
}

function note(result: Campaign, name: string): void {
  const saved = saveCrashes(result, name);
  for (const [index, { kind, message }] of result.crashes.entries()) {
    const kept = relative(root, saved[index] ?? '');
    process.stdout.write(`  ${kind}: ${message}\n    input kept in ${kept}\n`);
    tally.failed.push({ name: `fuzz ${name}`, why: `${kind}: ${message}` });
  }
  if (result.crashes.length === 0) tally.passed += 1;
}
