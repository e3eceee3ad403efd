import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { fileURLToPath } from 'node:url';
import { offlineShell } from '../renderer/offline/plugin.ts';
import { WORKERS } from '../renderer/vite.config.ts';
import { filesBeside } from './files-beside.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The three bundles of the desktop app, in out/. Dependencies of the main process stay packages; the page is bundled whole. */
export default defineConfig({
  main: {
    plugins: [filesBeside(at('../out/main'))],
    build: {
      outDir: at('../out/main'),
      emptyOutDir: true,
      target: 'node24',
      rollupOptions: {
        input: { main: at('./main.ts') },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: at('../out/preload'),
      emptyOutDir: true,
      rollupOptions: {
        input: { preload: at('./preload.ts') },
        // A sandboxed window loads CommonJS only.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('../renderer'),
    base: '/',
    plugins: [react(), tailwindcss(), offlineShell()],
    worker: WORKERS,
    build: {
      outDir: at('../out/renderer'),
      emptyOutDir: true,
      target: 'chrome130',
      minify: true,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rollupOptions: { input: at('../renderer/index.html') },
    },
  },
});
