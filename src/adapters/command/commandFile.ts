import { lstat, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { onlyRootWrites } from '../../helper/programFile.ts';
import { accept, type Result, refuse } from '../../journal/result.ts';

/** What the hub may run for backups. Only root says so: nothing of it comes from a configuration or from the web. */
export const COMMAND_FILE = '/etc/reflexe/backup-commands.json';
const FILE_BYTES = 1024 * 1024;

const Absolute = z.string().startsWith('/').max(4096);
/** A program by its path, and its first arguments. */
const Line = z.tuple([Absolute], z.string().max(4096)).refine((line) => line.length <= 64, 'at most 64 words');
const Command = z.strictObject({
  list: Line,
  fetch: Line,
  /** Absent: what stands inside a night is known once it is restored. */
  entries: Line.optional(),
  /** What it may read of this machine, beside the system's own programs. */
  readOnly: z.array(Absolute).max(32).default([]),
  network: z.boolean().default(false),
  listSeconds: z.int().min(1).max(3600).default(120),
  fetchSeconds: z.int().min(1).max(604_800).default(86_400),
});
export type Command = z.infer<typeof Command>;
const CommandFile = z.strictObject({ commands: z.record(z.string(), Command) });

/** One entry of the file, as it is at this moment. */
export async function readCommand(file: string, name: string): Promise<Result<Command>> {
  const refused = (because: string, cure: string) =>
    refuse('backup-command-refused', 'The file of backup commands is not followed.', {
      where: file,
      expected: `a JSON file that only root can change, with a command «${name}»`,
      kept: `Nothing was run: ${because}.`,
      cure,
    });
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined) return refused('it is not there', `Write it: see «Other tools» in docs/restore.md.`);
  if (!found.isFile() || found.size > FILE_BYTES)
    return refused('it is no plain file of at most 1 MiB', 'Name a plain file.');
  const unsafe = onlyRootWrites(file);
  if (unsafe !== undefined) return refused(unsafe, `chown root: ${file} && chmod go-w ${file}, and its folders.`);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return refused('it is no JSON', 'Correct it.');
  }
  const read = CommandFile.safeParse(json);
  if (!read.success)
    return refused(
      read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
      'Correct each field named.',
    );
  const command = Object.hasOwn(read.data.commands, name) ? read.data.commands[name] : undefined;
  if (command === undefined) return refused(`it has no command «${name}»`, 'Name one that it has, or add it there.');
  for (const [program] of [command.list, command.fetch, ...(command.entries === undefined ? [] : [command.entries])]) {
    const exists = await lstat(program).catch(() => undefined);
    if (exists === undefined) return refused(`${program} is not there`, 'Install it, or correct its path.');
    const open = onlyRootWrites(program);
    if (open !== undefined) return refused(open, `chown root: ${program} && chmod go-w ${program}, and its folders.`);
  }
  return accept(command);
}
