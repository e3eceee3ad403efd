// Given to Node with --import: `electron` is the double beside this file.
import { registerHooks } from 'node:module';

const double = new URL('./electron-double.mjs', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context)),
});
