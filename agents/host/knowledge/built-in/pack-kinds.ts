import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PACKED_KINDS, kindsOfClient } from './tree.ts';

/** `npm run pack:kinds`: writes what a package needs for the reference of fields into resources/reference. */
const kinds = kindsOfClient();
if (kinds === undefined) throw new Error('@kubernetes/client-node is not installed: npm ci');
mkdirSync(dirname(PACKED_KINDS), { recursive: true });
writeFileSync(PACKED_KINDS, JSON.stringify(kinds));
process.stdout.write(`${PACKED_KINDS}: ${kinds.kinds.length} kinds\n`);
