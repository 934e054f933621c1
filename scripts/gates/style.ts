import { globSync } from 'node:fs';
import { z } from 'zod';
import type { Gate, Problem } from './gate.ts';
import { runTool } from './run-tool.ts';

const Report = z.object({
  summary: z.object({ changed: z.number(), unchanged: z.number() }),
  diagnostics: z.array(
    z.object({
      severity: z.string(),
      message: z.string(),
      category: z.string().nullish(),
      location: z
        .object({ path: z.string(), start: z.object({ line: z.number(), column: z.number() }).optional() })
        .nullish(),
    }),
  ),
});

/** Lint, format and order of imports: Biome, with biome.json; a warning is refused like an error. */
export const style: Gate = {
  name: 'lint and format',
  async run(root) {
    const { stdout, stderr } = await runTool(root, 'biome', [
      'check',
      '--reporter=json',
      '--max-diagnostics=none',
      '.',
    ]);
    const start = stdout.indexOf('{');
    if (start < 0) return { examined: 0, problems: [{ file: 'biome.json', message: stderr.trim() }] };
    const { summary, diagnostics } = Report.parse(JSON.parse(stdout.slice(start)));
    const problems = diagnostics.flatMap(({ severity, message, category, location }): Problem[] => {
      if (severity === 'information' || severity === 'hint') return [];
      const place = location?.start === undefined ? {} : { line: location.start.line, column: location.start.column };
      return [{ file: location?.path ?? 'biome.json', message: `${category ?? 'biome'}: ${message}`, ...place }];
    });
    // Settings at the root alone would prove nothing: only what lies in folders counts.
    const settings = globSync('*.{json,ts}', { cwd: root }).filter((file) => file !== 'package-lock.json').length;
    return { examined: Math.max(0, summary.changed + summary.unchanged - settings), problems };
  },
};
