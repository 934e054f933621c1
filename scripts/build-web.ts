import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build, type Plugin } from 'vite';
import { hashOf } from './setup/web.mjs';

const root = join(import.meta.dirname, '..');
const modules = new Set<string>();

/** Notes which of our own files the interface is made of, so that the set-up knows when to build again. */
const noteModules: Plugin = {
  name: 'note-modules',
  moduleParsed({ id }) {
    const file = relative(root, id.replace(/[?#].*$/, ''));
    if (!id.startsWith('\0') && !file.startsWith('..') && !file.split(sep).includes('node_modules')) modules.add(file);
  },
};

await build({
  configFile: join(root, 'vite.config.ts'),
  plugins: [noteModules],
  logLevel: 'warn',
  build: { outDir: join(root, 'dist', 'web'), emptyOutDir: true },
});
mkdirSync(join(root, '.cache'), { recursive: true });
const noted = [...modules].sort();
writeFileSync(join(root, '.cache', 'web.json'), JSON.stringify({ hash: hashOf(root, noted), modules: noted }, null, 1));
