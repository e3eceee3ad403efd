import { type Container, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { field } from '../../../core/paths.ts';
import { CONFIG_KINDS } from '../config-references.ts';
import { containerWords, failedRun, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { lastSaying, unwellRuns } from '../failing-runs.ts';
import { names } from '../scheduling-evidence.ts';

/** What servers and their clients say of a login they refuse: PostgreSQL, MySQL, MongoDB, Redis, SQL Server, Oracle, AMQP, LDAP, S3, HTTP. */
const REFUSED =
  /password authentication failed|authentication (?:has )?failed|auth(?:entication)? (?:error|failure)|failed to authenticate|access denied for user|login failed|\bWRONGPASS\b|\bNOAUTH\b|ORA-01017|ACCESS_REFUSED|28P01|(?:invalid|incorrect|wrong|bad) (?:user ?name|username|login|credentials?|password|passphrase|api[ _-]?key|access[ _-]?key|(?:access |auth )?token)|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidClientTokenId|\b401\b.{0,20}unauthori[sz]ed|unauthori[sz]ed.{0,20}\b401\b/i;
/** What was good once and is no more: OAuth and JWT libraries, clouds, directories. */
const EXPIRED =
  /\b(?:token|credentials?|password|api[ _-]?key|access[ _-]?key|jwt)\b.{0,30}\bexpired\b|\bexpired[ _-]?(?:\w+ )?(?:token|credentials?|password|api[ _-]?key|access[ _-]?key|jwt)\b|ORA-28001/i;
/** The API server speaks of accounts; that is another matter. */
const OF_CLUSTER = /serviceaccount|system:/i;
/** Whom a token is made for is another matter as well. */
const AUDIENCE = /\baudience/i;
const refusedLogin = (line: string): { readonly expired: boolean } | undefined =>
  OF_CLUSTER.test(line) || AUDIENCE.test(line) || !(REFUSED.test(line) || EXPIRED.test(line)) ? undefined : { expired: EXPIRED.test(line) };

/** Names of variables and keys that hold what one logs in with. */
const IS_SECRET = /pass|pwd|secret|token|cred|auth|api_?key|access_?key|private|dsn|ur[il]$|connection/i;

interface Given {
  readonly variable: string;
  readonly secret: string;
  readonly key: string;
}

/** The keys of Secrets that a container takes as variables by which it may log in. */
const givenTo = ({ env }: Container): readonly Given[] =>
  env.flatMap(({ name: variable, valueFrom }) => {
    const from = valueFrom?.secretKeyRef;
    return from === undefined || !(IS_SECRET.test(variable) || IS_SECRET.test(from.key))
      ? []
      : [{ variable, secret: from.name, key: from.key }];
  });

export const credentialsRefused = defineCheck({
  code: 'CFG-014',
  title: 'What a Secret gives a program to log in with is refused',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'what it logs in with is refused',
  doc: `The program ended with a failure, or runs and does not get ready, its log says that its login was refused, and it takes a password, token or address from a Secret. The value there and what the
server knows are not the same, or what it holds was good for a time that is over: one of the two was changed, or was wrong from the start. Of values nothing is read but whether one ends in a line break, which comes from
encoding it with echo, is invisible, and becomes part of the password.`,
  run: (ctx) =>
    lastSaying(unwellRuns(ctx), refusedLogin).flatMap(({ placed, run, line, says: { expired } }): FindingDraft[] => {
      const { workload, spec } = placed;
      const given = givenTo(spec);
      const broken = given.filter(({ secret, key }) =>
        ctx.view.get('Secret', workload.namespace, secret)?.data.some((k) => k.name === key && k.endsInBreak === true),
      );
      const suspects = broken.length > 0 ? broken : given;
      const [first] = suspects;
      const secret = first === undefined ? undefined : ctx.view.get('Secret', workload.namespace, first.secret);
      if (first === undefined || secret === undefined || suspects.some((g) => g.secret !== first.secret)) return [];
      const keys = names([...new Set(suspects.map((g) => g.key))]);
      const ref = refOf(secret);
      return [
        {
          subject: ref,
          field: field('data', first.key),
          affects: [workload.ref, ...podsOf(placed.runs.filter((r) => failedRun(r) !== undefined || !r.status.ready))],
          message:
            `what ${containerWords(placed)} of ${workload.object.kind} ${workload.name} logs in with, key ${keys} of this Secret, ${expired ? 'has expired' : 'is refused'}: ${line.slice(0, 300)}` +
            (broken.length > 0 ? `; the value of ${keys} ends in a line break, which is then part of it` : ''),
          evidence: [
            logEvidence(run, line),
            ...suspects.map((g) =>
              fieldEvidence(workload.ref, `${placed.path}.env`, `${g.variable} is taken from key ${g.key} of Secret ${g.secret}`),
            ),
          ],
          confidence: broken.length > 0 ? 0.93 : 0.75,
          params: {
            container: spec.name,
            path: placed.path,
            supply:
              broken.length > 0
                ? `write key ${keys} of Secret ${ref.name} without the line break at its end (echo -n, or kubectl create secret --from-literal), at its source if something else writes it, and restart ${workload.object.kind} ${workload.name}`
                : expired
                  ? `have a new value issued for key ${keys} of Secret ${ref.name}, where it comes from, write it there, restart ${workload.object.kind} ${workload.name}, and let something renew it before it ends the next time`
                  : `make key ${keys} of Secret ${ref.name} and what the server knows the same: see which of the two was changed last, set the other, and restart ${workload.object.kind} ${workload.name}`,
          },
        },
      ];
    }),
});
