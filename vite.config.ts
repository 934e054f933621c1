import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The hub sends files as they lie: each is compressed once, here, rather than at every request. */
function compressed(): Plugin {
  return {
    name: 'reflexe:compressed',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const [fileName, file] of Object.entries(bundle)) {
          if (!/\.(js|css|svg|html)$/.test(fileName)) continue;
          const source = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: source.length } };
          this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotliCompressSync(source, brotli) });
          this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(source, { level: 9 }) });
        }
      },
    },
  };
}

/** The interface: one small first page; the Map's graph and its layout are chunks of their own, fetched when it is opened. */
export default defineConfig({
  root: 'src/web',
  plugins: [react(), compressed()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // Hospitals keep browsers for years: newer CSS is lowered to what these read.
    target: ['chrome111', 'firefox115', 'safari16.4'],
    // The content policy refuses `data:` fonts and images: every asset is a file.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1700,
  },
});
