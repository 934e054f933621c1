import { readFileSync } from 'node:fs';
import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { exitStatus, language, refused } from './answer.ts';
import { summaries } from './summaries.ts';
import { speakLanguage, usageMessage } from './usage.ts';
import { common, group } from './verb.ts';
import { verbs } from './verbs.ts';

/** The version of the package this file belongs to, in a checkout as in an installed package. */
export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error('package.json beside the program has no version');
}

/** Loads the verb asked for, or those under its first word where it is none; the others are only named, so that all begin quickly. */
async function declareVerbs(program: Command, args: readonly string[]): Promise<void> {
  const asked = new Set(args);
  const all = Object.entries(verbs);
  const named = all.filter(([path]) => path.split(' ').every((word) => asked.has(word)));
  const loaded = named.length > 0 ? named : all.filter(([path]) => asked.has(path.split(' ')[0] ?? ''));
  for (const module of await Promise.all(loaded.map(([, load]) => load()))) module.register(program);
  for (const [path, summary] of Object.entries(summaries)) {
    const [first = path, ...rest] = path.split(' ');
    if (rest.length > 0) group(program, first);
    else if (!program.commands.some((command) => command.name() === first)) {
      program.command(first).description(summary[language()]);
    }
  }
}

async function main(args: readonly string[]): Promise<void> {
  const french = language() === 'fr';
  const program = new Command('reflexe')
    .description(
      french
        ? 'Garde un hôpital au travail quand ses ordinateurs s’arrêtent.'
        : 'Keeps a hospital caring when its computers stop.',
    )
    .version(version(), '--version', french ? 'affiche la version' : 'print the version')
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  common(program);
  speakLanguage(program);
  await declareVerbs(program, args);
  await program.parseAsync(args, { from: 'user' });
}

function failed(error: unknown, json: boolean): void {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return;
    // `commander.help`: nothing was asked, so the help was shown; there is nothing to add for a person.
    if (error.code === 'commander.help' && !json) process.exitCode = exitStatus.usage;
    else refused({ code: 'usage', message: usageMessage(error), cure: 'reflexe --help', retryable: false }, json, 2);
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  refused({ code: 'unexpected', message, retryable: false }, json);
  if (process.env.REFLEXE_TRACE === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

// A reader that leaves early (`reflexe … | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const args = process.argv.slice(2);
await main(args).catch((error: unknown) => failed(error, args.includes('--json')));
