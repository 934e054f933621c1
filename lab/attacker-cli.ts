import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { attack } from './attacker.ts';
import { readDescription } from './description.ts';

const USAGE = `node lab/attacker-cli.ts --folder LAB_FOLDER [--part database|imaging|application …] [--in-turn] [--files-per-second N]
Encrypts the data directories of a running lab, for ever. Touches nothing that lab did not mark.
`;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    part: { type: 'string', multiple: true },
    'in-turn': { type: 'boolean', default: false },
    'files-per-second': { type: 'string' },
  },
});

try {
  if (!values.folder) throw new Error(USAGE);
  const runFolder = resolve(values.folder);
  const lab = readDescription(runFolder);
  if (!lab) throw new Error(`${runFolder}: expected the folder of a lab that is ready. Nothing was touched.`);
  const targets = Object.entries(lab.folders)
    .filter(([part]) => values.part?.includes(part) ?? true)
    .map(([, folder]) => folder);
  const report = await attack({
    runFolder,
    targets,
    order: values['in-turn'] ? 'in-turn' : 'one-by-one',
    ...(values['files-per-second'] ? { filesPerSecond: Number(values['files-per-second']) } : {}),
  });
  process.stdout.write(`${JSON.stringify(report)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
