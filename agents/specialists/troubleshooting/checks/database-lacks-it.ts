import type { Container } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { type Placed, containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { CONFIG_KINDS, configReferences } from '../config-references.ts';
import { lastSaying, unwellRuns } from '../failing-runs.ts';
import { names } from '../scheduling-evidence.ts';

interface Lacking {
  readonly what: 'database' | 'table';
  readonly name: string;
}

const QUOTED = /[\x60"'“«]?([\w.$-]+)[\x60"'”»]?/.source;
const DATABASE: readonly RegExp[] = [
  // PostgreSQL 3D000, MySQL and MariaDB 1049, SQL Server 4060, Oracle 12514.
  new RegExp(String.raw`\bdatabase ${QUOTED} does not exist`, 'i'),
  new RegExp(String.raw`\bunknown database ${QUOTED}`, 'i'),
  new RegExp(String.raw`\bcannot open database ${QUOTED}`, 'i'),
  new RegExp(String.raw`\bdoes not currently know of service ${QUOTED}`, 'i'),
];
const TABLE: readonly RegExp[] = [
  // PostgreSQL 42P01 and 42703, MySQL 1146 and 1054, SQLite, SQL Server 208.
  new RegExp(String.raw`\b(?:relation|column|schema) ${QUOTED}(?: of relation \S+)? does not exist`, 'i'),
  new RegExp(String.raw`\btable ${QUOTED} doesn't exist`, 'i'),
  new RegExp(String.raw`\bno such (?:table|column): ${QUOTED}`, 'i'),
  new RegExp(String.raw`\bunknown column ${QUOTED}`, 'i'),
  new RegExp(String.raw`\binvalid object name ${QUOTED}`, 'i'),
];

function lacking(line: string): Lacking | undefined {
  const nameIn = (all: readonly RegExp[]) => all.map((pattern) => pattern.exec(line)?.[1]).find((name) => name !== undefined);
  const database = nameIn(DATABASE);
  if (database !== undefined) return { what: 'database', name: database };
  const table = nameIn(TABLE);
  return table === undefined ? undefined : { what: 'table', name: table };
}

/** Variables by which programs are told which database is theirs. */
const OF_DATABASE = /database|(?:^|_)db(?:_|$|name)|^PG|mysql|postgres|maria|mongo|dsn|jdbc/i;

/** Where the manifest names the database: a variable with the name in it, else the ConfigMaps and Secrets it may come from. */
function namedIn(placed: Placed, name: string): { readonly field: string; readonly words: string } | undefined {
  const { spec, path, workload } = placed;
  const holds = ({ value = '' }: Container['env'][number]) => value.split(/[^\w$-]+/).includes(name);
  const at = spec.env.findIndex(holds);
  if (at >= 0) return { field: `${path}.env[${at}].value`, words: `variable ${spec.env[at]?.name ?? ''} names it` };
  const from = configReferences(workload).filter(
    (r) => r.container === spec.name && (r.key === undefined || OF_DATABASE.test(r.key) || OF_DATABASE.test(r.use)),
  );
  const [first] = from;
  return first === undefined
    ? undefined
    : { field: first.nameField, words: `its variables come from ${names([...new Set(from.map((r) => `${r.kind} ${r.name}`))])}` };
}

export const databaseLacksIt = defineCheck({
  code: 'CFG-018',
  title: 'A database, or a table in it, is not there',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'the database or the table it asks for is not there',
  doc: `The server answered and accepted the login, and says that it has no database of that name, or that the database has no such table or column. In the first case the name is wrong or
nobody has made the database; in the second the migration of this version has not run there, or it is another database than was meant.`,
  run: (ctx) =>
    lastSaying(unwellRuns(ctx), lacking).map(({ placed, run, line, says: { what, name } }): FindingDraft => {
      const { workload, spec, path } = placed;
      const at = what === 'database' ? namedIn(placed, name) : undefined;
      return {
        subject: workload.ref,
        field: at?.field ?? path,
        affects: podsOf(placed.runs.filter((r) => !r.status.ready || r.unproven)),
        message:
          what === 'database'
            ? `${containerWords(placed)} asks for database ${name}, and the server has none of that name${at === undefined ? '' : `; ${at.words}`}: ${line.slice(0, 300)}`
            : `${containerWords(placed)} finds no ${name} in its database: the schema is not the one this version needs, as where a migration has not run: ${line.slice(0, 300)}`,
        evidence: [logEvidence(run, line), ...(at === undefined ? [] : [fieldEvidence(workload.ref, at.field, at.words)])],
        confidence: 0.85,
        params: {
          container: spec.name,
          path,
          supply:
            what === 'database'
              ? `correct the name of the database where it is set${at === undefined ? '' : ` (${at.words})`}, or create database ${name} on the server`
              : `run the migrations of this version against the database that ${workload.object.kind} ${workload.name} uses, or see whether it is told of the right database; before going back to an earlier version see which migrations have run`,
        },
      };
    }),
});
