/** Given to Node with --import: `electron` is the double beside this file, and the process looks like Electron's main process. */
import { registerHooks } from 'node:module';
import './threads.ts';

const double = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context)),
});
Object.defineProperty(process.versions, 'electron', { value: '45.0.0' });
Object.defineProperty(process, 'type', { value: 'browser' });
