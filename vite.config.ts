import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The interface: one small first page; the Map's screens and their workers are chunks of their own, fetched when first opened. */
export default defineConfig({
  root: 'src/web',
  plugins: [react()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // Hospitals keep browsers for years: newer CSS is lowered to what these read.
    target: ['chrome111', 'firefox115', 'safari16.4'],
    // The content policy refuses `data:` fonts and images: every asset is a file.
    assetsInlineLimit: 0,
  },
});
