import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { offlineShell } from './offline/plugin.ts';

/** The layout's worker is a script that leaves its exports somewhere, though nobody asks for them; without a name the bundler complains. */
export const WORKERS = { rolldownOptions: { output: { name: 'layout' } } };

/** The page as the server and the desktop window show it: one bundle, no network but its own host. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [react(), tailwindcss(), offlineShell()],
  worker: WORKERS,
  build: { outDir: '../out/renderer', emptyOutDir: true, target: 'chrome130', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
});
