import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PACKED_KINDS, kindsOfClient } from './tree.ts';

/** `npm run pack:kinds [-- RESOURCES]`: writes what a package needs for the reference of fields into resources/reference. */
const kinds = kindsOfClient();
if (kinds === undefined) throw new Error('@kubernetes/client-node is not installed: npm ci');
const [, , resources] = process.argv;
const file = resources === undefined ? PACKED_KINDS : join(resources, 'reference/kinds.json');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, JSON.stringify(kinds));
process.stdout.write(`${file}: ${kinds.kinds.length} kinds\n`);
