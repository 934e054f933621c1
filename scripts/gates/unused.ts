import { join } from 'node:path';
import { z } from 'zod';
import type { Gate } from './gate.ts';
import { runTool } from './run-tool.ts';

const Report = z.object({
  examined: z.number(),
  problems: z.array(
    z.object({ file: z.string(), line: z.number().optional(), column: z.number().optional(), message: z.string() }),
  ),
});

/** Files, exports and dependencies nobody uses, and dependencies used without being declared: knip, with knip.json. */
export const unused: Gate = {
  name: 'unused code',
  async run(root) {
    const reporter = join(import.meta.dirname, 'knip-reporter.ts');
    const { stdout, stderr } = await runTool(root, 'knip', ['--no-progress', '--no-exit-code', '--reporter', reporter]);
    if (!stdout.startsWith('{')) {
      return { examined: 0, problems: [{ file: 'knip.json', message: `knip gave no report: ${stderr || stdout}` }] };
    }
    const { examined, problems } = Report.parse(JSON.parse(stdout));
    return {
      examined,
      problems: problems.map(({ file, message, line, column }) => ({
        file,
        message,
        ...(line === undefined ? {} : { line }),
        ...(column === undefined ? {} : { column }),
      })),
    };
  },
};
