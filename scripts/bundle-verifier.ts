import { join } from 'node:path';
import { build, type Plugin } from 'vite';

const root = join(import.meta.dirname, '..');

/**
 * Node 20 has no `node:sqlite`, and would refuse the whole file for naming it; reading an export needs none. It is asked for
 * where a folder is really opened.
 */
const sqliteWhenNeeded: Plugin = {
  name: 'sqlite-when-needed',
  enforce: 'pre',
  resolveId: (id) => (id === 'node:sqlite' ? '\0sqlite' : undefined),
  load: (id) =>
    id === '\0sqlite'
      ? `export function DatabaseSync(...given) {
           return new (process.getBuiltinModule('node:sqlite').DatabaseSync)(...given);
         }`
      : undefined,
};

/** Makes the stand-alone verifier of `src/cli/journalVerifier.ts` and all it imports: one file, Node's own modules only. */
export async function bundleVerifier(outFile: string): Promise<void> {
  const result = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [sqliteWhenNeeded],
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: join(root, 'src', 'cli', 'journalVerifier.ts'),
      target: 'node20',
      outDir: join(outFile, '..'),
      emptyOutDir: false,
      // Read by auditors: names stay.
      minify: false,
      copyPublicDir: false,
      rolldownOptions: { output: { entryFileNames: 'reflexe-verify.mjs', codeSplitting: false } },
    },
  });
  const foreign = importsOf(result).filter((name) => !name.startsWith('node:'));
  if (foreign.length > 0) throw new Error(`the stand-alone verifier would need ${foreign.join(', ')}`);
}

function importsOf(result: Awaited<ReturnType<typeof build>>): string[] {
  const outputs = Array.isArray(result) ? result : [result];
  return outputs.flatMap((one) =>
    'output' in one ? one.output.flatMap((file) => (file.type === 'chunk' ? file.imports : [])) : [],
  );
}
