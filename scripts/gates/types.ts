import { isAbsolute } from 'node:path';
import type { Gate, Problem } from './gate.ts';
import { runTool } from './run-tool.ts';
import { inRoot } from './source.ts';

const diagnostic = /^(?:(.+?)\((\d+),(\d+)\): )?error (TS\d+: .*)$/;

/** One compiler project; only our own files are counted as examined. */
export const typesOf = (name: string, project: string): Gate => ({
  name,
  async run(root) {
    const { status, stdout } = await runTool(root, 'tsc', [
      '-p',
      project,
      '--noEmit',
      '--pretty',
      'false',
      '--listFiles',
    ]);
    const lines = stdout.split('\n');
    const problems = lines.flatMap((line): Problem[] => {
      const [, file = project, row, column, message] = diagnostic.exec(line) ?? [];
      if (message === undefined) return [];
      return [{ file, message, ...(row === undefined ? {} : { line: Number(row), column: Number(column) }) }];
    });
    const examined = lines.filter(
      (line) => isAbsolute(line) && !line.endsWith('.d.ts') && !line.includes('/node_modules/'),
    );
    const ours = examined.filter((file) => !inRoot(root, file).startsWith('..'));
    if (status !== 0 && problems.length === 0) problems.push({ file: project, message: `tsc ended with ${status}` });
    return { examined: ours.length, problems };
  },
});

export const types = typesOf('types', 'tsconfig.json');
export const typesOfRooms = typesOf('types of the pure rooms', 'tsconfig.pure.json');
export const typesOfWeb = typesOf('types of the interface', 'tsconfig.web.json');
export const typesOfWebTests = typesOf('types of the interface’s tests', 'tsconfig.web-tests.json');
