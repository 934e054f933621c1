import { appendFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { machine, type Report } from './measure.ts';

/** `npm run bench -- <name>…`: runs `bench/<name>.ts`, prints its figures and adds them to bench/RESULTS.md. */
const support = ['run', 'measure'];
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !/\.(test|worker)\.ts$/.test(file))
  .map((file) => file.slice(0, -3))
  .filter((name) => !support.includes(name));

const results = fileURLToPath(new URL('RESULTS.md', import.meta.url));
const heading = `# Figures

Each is a ratio or a limit measured in one run, by \`npm run bench -- <name>\`, on the machine named. Newest last.
`;

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'name' in value && 'lines' in value;
}

async function report(name: string): Promise<Report> {
  const module: unknown = await import(`./${name}.ts`);
  if (typeof module !== 'object' || module === null || !('run' in module) || typeof module.run !== 'function') {
    throw new Error(`bench/${name}.ts must export run()`);
  }
  const given: unknown = await module.run();
  if (!isReport(given)) throw new Error(`bench/${name}.ts: run() must return { name, lines }`);
  return given;
}

function keep({ name, lines }: Report): void {
  if (!existsSync(results)) writeFileSync(results, heading);
  const rows = lines.map(
    ({ measure, value, target, met }) => `| ${measure} | ${value} | ${target} | ${met ? 'yes' : 'no'} |`,
  );
  const title = `## ${name}, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, ${machine()}`;
  appendFileSync(results, `\n${title}\n\n| measure | value | target | met |\n|---|---|---|---|\n${rows.join('\n')}\n`);
}

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = asked.filter((name) => !known.includes(name));
if (asked.length === 0 || unknown.length > 0) {
  process.stderr.write(`usage: npm run bench -- <name>… [--dry]\nbenches: ${known.join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const name of asked) {
    const { lines, ...rest } = await report(name);
    process.stdout.write(`${name} (${machine()})\n`);
    for (const { measure, value, target, met } of lines) {
      process.stdout.write(`  ${met ? '✓' : '✗'} ${measure}: ${value} [${target}]\n`);
    }
    // `--dry` while one improves things: only figures worth keeping are kept.
    if (!process.argv.includes('--dry')) keep({ ...rest, lines });
  }
}
