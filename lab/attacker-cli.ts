import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { IMPLANTS, plant } from './attack/implant.ts';
import { attack } from './attacker.ts';
import { PARTS } from './backups.ts';
import { readDescription } from './description.ts';

const USAGE = `node lab/attacker-cli.ts --folder LAB_FOLDER [--part database|imaging|application …] [--in-turn] [--files-per-second N] [--implant]
Encrypts the data directories of a running lab, for ever. With --implant only leaves there, days before, what an intruder comes
back by. Touches nothing that lab did not mark.
`;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    part: { type: 'string', multiple: true },
    'in-turn': { type: 'boolean', default: false },
    'files-per-second': { type: 'string' },
    implant: { type: 'boolean', default: false },
  },
});

try {
  if (!values.folder) throw new Error(USAGE);
  const runFolder = resolve(values.folder);
  const lab = readDescription(runFolder);
  if (!lab) throw new Error(`${runFolder}: expected the folder of a lab that is ready. Nothing was touched.`);
  const parts = PARTS.filter((part) => values.part?.includes(part) ?? true);
  const report = values.implant
    ? parts.flatMap((part) => {
        const implant = IMPLANTS[part];
        if (implant === undefined) return [];
        plant(runFolder, lab.folders[part], implant);
        return [{ part, path: implant.path }];
      })
    : await attack({
        runFolder,
        targets: parts.map((part) => lab.folders[part]),
        order: values['in-turn'] ? 'in-turn' : 'one-by-one',
        ...(values['files-per-second'] ? { filesPerSecond: Number(values['files-per-second']) } : {}),
      });
  process.stdout.write(`${JSON.stringify(report)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
