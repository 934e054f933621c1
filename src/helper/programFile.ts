import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { accept, type Result, refuse } from '../journal/result.ts';
import { defaultPrograms } from './programs.ts';
import { AbsolutePath } from './protocol.ts';
import { placeholdersOf } from './template.ts';

const Setting = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('integer'), min: z.int(), max: z.int(), default: z.int().optional() }),
  /** Letters, digits, `.`, `_` and `-`: nothing a configuration file could read as anything else. */
  z.strictObject({ kind: z.literal('word'), lengthMax: z.int().min(1).max(200), default: z.string().optional() }),
  z.strictObject({
    kind: z.literal('choice'),
    values: z.array(z.string()).min(1).max(32),
    default: z.string().optional(),
  }),
  /** A member this one `reaches`: becomes its address. */
  z.strictObject({ kind: z.literal('member') }),
  /** A member this one `reaches`, on exactly one port: becomes `address:port`. */
  z.strictObject({ kind: z.literal('endpoint') }),
]);
export type Setting = z.infer<typeof Setting>;

const Mode = z.string().regex(/^0[0-7]{3}$/, 'an octal mode such as "0700"');

export const Program = z
  .strictObject({
    /** As seen inside the sandbox: under /usr, or in one of `readOnly`. */
    executable: AbsolutePath,
    /** May hold `{data}`, `{address}`, `{subnet}`, `{port}` (the first), `{port.2}` (the second…), `{ports}` (all, by commas), `{setting.name}`. */
    arguments: z.array(z.string().max(4096)).max(64).default([]),
    /** A user of this machine, or a number; never root. The member's data folder is given to it. */
    user: z.union([z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/), z.int().min(1).max(0x7fffffff)]),
    /** How many ports a member of this program listens on. */
    ports: z.strictObject({ min: z.int().min(1), max: z.int().max(16) }).default({ min: 1, max: 1 }),
    /** Where the data folder appears inside. */
    dataAt: AbsolutePath.default('/data'),
    /** Mode of its top folder: patients' data are its program's alone. */
    dataMode: Mode.default('0700'),
    /** What else of this machine it may read, and where it appears inside. */
    readOnly: z
      .array(z.strictObject({ from: AbsolutePath, to: AbsolutePath }))
      .max(32)
      .default([]),
    /** Generated files by their path inside; the same placeholders. They exist in memory only. */
    files: z.record(AbsolutePath, z.string().max(65_536)).default({}),
    environment: z.record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/), z.string().max(4096)).default({}),
    settings: z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/), Setting).default({}),
    stop: z
      .strictObject({ signal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT']), seconds: z.int().min(1).max(600) })
      .default({ signal: 'SIGTERM', seconds: 10 }),
    /** It must listen on all its ports within this time. */
    readySeconds: z.int().min(1).max(3600).default(60),
    limits: z
      .strictObject({
        memoryMegabytes: z.int().min(16).default(4096),
        processes: z.int().min(8).default(512),
        cpuPercent: z.int().min(5).default(400),
      })
      .prefault({}),
  })
  .superRefine((program, context) => {
    for (const text of [...program.arguments, ...Object.values(program.files), ...Object.values(program.environment)]) {
      for (const name of placeholdersOf(text)) {
        const port = /^port(?:\.(\d+))?$/.exec(name);
        const known =
          ['data', 'address', 'subnet', 'ports'].includes(name) ||
          (port !== null && Number(port[1] ?? 1) >= 1 && Number(port[1] ?? 1) <= program.ports.min) ||
          (name.startsWith('setting.') && Object.hasOwn(program.settings, name.slice('setting.'.length)));
        if (!known) context.addIssue({ code: 'custom', message: `unknown placeholder {${name}}` });
      }
    }
  });
export type Program = z.infer<typeof Program>;
export type ProgramInput = z.input<typeof Program>;
export type Programs = ReadonlyMap<string, Program>;

const ProgramFile = z.strictObject({
  programs: z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/), Program),
});
const fileBytesMax = 1_048_576;

const refuseFile = (path: string, because: string, cure: string) =>
  refuse('programs-refused', `The programs file ${path} is refused: ${because}.`, {
    where: path,
    expected: 'a JSON file that only root can change, describing programs as in docs/decisions/clean-room.md',
    kept: 'the helper did not start',
    cure,
  });

/** Only root may say what root's helper executes: the file and every folder above it must be root's, and unwritable to others. */
export function onlyRootWrites(path: string): string | undefined {
  for (let place = path; ; place = dirname(place)) {
    const { uid, mode } = statSync(place);
    if (uid !== 0) return `${place} belongs to user ${uid}, not to root`;
    const sticky = place !== path && (mode & 0o1000) !== 0;
    if ((mode & 0o022) !== 0 && !sticky) return `${place} can be written by others than root`;
    if (place === '/') return undefined;
  }
}

/** The built-in programs, and those of the file over them. */
export function loadPrograms(path?: string): Result<Programs> {
  const builtIn = Object.entries(defaultPrograms).map(([name, program]) => [name, Program.parse(program)] as const);
  if (path === undefined) return accept(new Map(builtIn));
  let text: string;
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const found = fstatSync(fd);
      if (!found.isFile() || found.size > fileBytesMax) {
        return refuseFile(path, 'it is not a file of at most 1 MiB', 'name a plain file');
      }
      const because = onlyRootWrites(path);
      if (because !== undefined) {
        return refuseFile(
          path,
          because,
          `chown root: ${path} && chmod go-w ${path}, and the same for the folder named`,
        );
      }
      text = readFileSync(fd, 'utf8');
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return refuseFile(
      path,
      error instanceof Error ? error.message : String(error),
      'name a file that exists, by its real path',
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuseFile(path, error instanceof Error ? error.message : String(error), 'correct the JSON');
  }
  const parsed = ProgramFile.safeParse(json);
  if (!parsed.success) {
    const all = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return refuseFile(path, all, 'correct each field named');
  }
  return accept(new Map([...builtIn, ...Object.entries(parsed.data.programs)]));
}
