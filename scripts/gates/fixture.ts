import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const project = join(import.meta.dirname, '..', '..');
const settings = [
  'biome.json',
  '.gitignore',
  'knip.json',
  'pure.d.ts',
  ...['', '.pure', '.web', '.web-tests'].map((kind) => `tsconfig${kind}.json`),
];

/** A small tree of its own with the project's real settings, so that the gate under proof is the gate in use. */
export function treeOf(fixture: string | undefined): Disposable & { root: string } {
  const root = mkdtempSync(join(tmpdir(), 'gate-'));
  for (const file of settings) cpSync(join(project, file), join(root, file));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }\n');
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  if (fixture !== undefined) cpSync(join(import.meta.dirname, 'fixtures', fixture), root, { recursive: true });
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}
