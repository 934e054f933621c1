import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, type Plugin } from 'vite';
import { hashOf } from './setup/web.mjs';

const root = join(import.meta.dirname, '..');
const outDir = join(root, 'dist', 'web');
const modules = new Set<string>();
const packages = new Set<string>();

/**
 * Notes which of our own files the interface is made of, so that the set-up knows when to build again; and which packages, for
 * the bill of materials: they are shipped inside it.
 */
const noteModules: Plugin = {
  name: 'note-modules',
  moduleParsed({ id }) {
    const file = relative(root, id.replace(/[?#].*$/, ''));
    if (!id.startsWith('\0') && !file.startsWith('..') && !file.split(sep).includes('node_modules')) modules.add(file);
    notePackage(file);
  },
  // Fonts and pictures are files, not modules.
  generateBundle(_, bundle) {
    for (const one of Object.values(bundle)) {
      if (one.type !== 'asset') continue;
      for (const name of one.originalFileNames) notePackage(relative(root, resolve(root, 'src', 'web', name)));
    }
  },
};

/** The longest way down: a package may bring its own copy of another. */
function notePackage(file: string): void {
  const [, inside] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(file.split(sep).join('/')) ?? [];
  if (inside !== undefined && !inside.startsWith('..')) packages.add(inside);
}

/** Compressed once here rather than at each request: the server sends the form that the browser accepts. */
function compress(): void {
  for (const file of globSync('**/*.{css,html,js,json,svg}', { cwd: outDir })) {
    const content = readFileSync(join(outDir, file));
    if (content.length < 1024) continue;
    writeFileSync(join(outDir, `${file}.gz`), gzipSync(content, { level: 9 }));
    // The graph's layout is a megabyte and a half: the last percent would cost ten seconds.
    const effort = content.length > 2 ** 20 ? 9 : 11;
    const quality = { [constants.BROTLI_PARAM_QUALITY]: effort, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(join(outDir, `${file}.br`), brotliCompressSync(content, { params: quality }));
  }
}

await build({
  configFile: join(root, 'vite.config.ts'),
  plugins: [noteModules],
  logLevel: 'warn',
  build: { outDir, emptyOutDir: true },
});
compress();
mkdirSync(join(root, '.cache'), { recursive: true });
const noted = [...modules].sort();
writeFileSync(
  join(root, '.cache', 'web.json'),
  JSON.stringify({ hash: hashOf(root, noted), modules: noted, packages: [...packages].sort() }, null, 1),
);
