import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Gate } from './gate.ts';

const Manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});
const page = 'docs/decisions/dependencies.md';

/** Every direct dependency has its line saying why, and no line outlives its dependency. */
export const decisions: Gate = {
  name: 'reasons of dependencies',
  unit: 'dependencies',
  run(root) {
    const manifest = Manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    const names = [manifest.dependencies, manifest.optionalDependencies, manifest.devDependencies].flatMap(Object.keys);
    const text = existsSync(join(root, page)) ? readFileSync(join(root, page), 'utf8') : '';
    const lines = text
      .split('\n')
      .map((line, index) => ({ row: index + 1, cells: line.split('|').map((cell) => cell.trim()) }));
    const told = lines.flatMap(({ row, cells }) => {
      const [, name] = /^`([^`]+)`$/.exec(cells[1] ?? '') ?? [];
      return name === undefined
        ? []
        : [{ name, row, complete: cells.slice(2, 6).every((cell) => cell !== '') && cells.length >= 7 }];
    });
    const missing = names.filter((name) => !told.some((line) => line.name === name));
    return {
      examined: names.length,
      problems: [
        ...missing.map((name) => ({ file: page, message: `no line says why ${name} is a dependency` })),
        ...told.flatMap(({ name, row, complete }) => {
          if (!names.includes(name)) return [{ file: page, line: row, message: `${name} is no dependency any more` }];
          return complete
            ? []
            : [{ file: page, line: row, message: `${name}: why, licence, last release and alive are all needed` }];
        }),
      ],
    };
  },
};
