import { fileURLToPath } from 'node:url';
import { packModels } from './packed.ts';

/** `npm run pack:models [-- RESOURCES]` */
process.stdout.write(`${await packModels(process.argv[2] ?? fileURLToPath(new URL('../resources', import.meta.url)))}\n`);
