import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { type Placed, containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { lastSaying, unwellRuns } from '../failing-runs.ts';
import { names } from '../scheduling-evidence.ts';

/** What servers say of a token that is made for somebody else: the API server, Vault, clouds, libraries of OpenID Connect. */
const OTHER =
  /invalid|not (?:valid|allowed|accepted|in)|mismatch|unexpected|reject|does not|doesn't|expected|wrong|incorrect|denied|unauthori[sz]ed/i;
const otherAudience = (line: string): true | undefined =>
  /\baudiences?\b|\baud\b.{0,20}\bclaim|\binvalid_audience\b/i.test(line) && OTHER.test(line) ? true : undefined;

interface Token {
  readonly audience: string | undefined;
  readonly field: string;
}

/** The tokens of its account that are projected for a container, with the audience each is made for. */
function tokensOf({ workload, spec }: Placed): readonly Token[] {
  return workload.template.spec.volumes.flatMap((volume, v) =>
    spec.volumeMounts.some((m) => m.name === volume.name)
      ? (volume.projected?.sources ?? []).flatMap(({ serviceAccountToken: token }, s): Token[] =>
          token === undefined
            ? []
            : [
                {
                  audience: token.audience,
                  field: `${workload.specPath}.volumes[${v}].projected.sources[${s}].serviceAccountToken.audience`,
                },
              ],
        )
      : [],
  );
}

export const tokenForAnotherAudience = defineCheck({
  code: 'RBC-004',
  title: 'The token of an account is made for another audience',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'its token is made for another audience',
  doc: `A token says for whom it is made (aud). The one that every pod gets is for the API server; a projected one (serviceAccountToken) is for what audience says. Each server takes
only tokens that are made for it, and the program's log says that its was refused for that. No right and no binding mends it.`,
  run: (ctx) =>
    lastSaying(unwellRuns(ctx), otherAudience).map(({ placed, run, line }): FindingDraft => {
      const { workload, spec, path } = placed;
      const tokens = tokensOf(placed);
      const [only, more] = tokens;
      const made =
        only === undefined ? 'the API server, as the one every pod gets' : names(tokens.map((t) => t.audience ?? 'the API server'));
      const field = only !== undefined && more === undefined ? only.field : `${workload.specPath}.volumes`;
      return {
        subject: workload.ref,
        field,
        affects: podsOf(placed.runs.filter((r) => !r.status.ready || r.unproven)),
        message: `the token with which ${containerWords(placed)} logs in is made for ${made}, and the server takes those for another audience: ${line.slice(0, 300)}`,
        evidence: [
          logEvidence(run, line),
          ...tokens.map((t) => fieldEvidence(workload.ref, t.field, t.audience ?? 'not set: the API server')),
        ],
        confidence: only === undefined ? 0.75 : 0.88,
        params: {
          container: spec.name,
          path,
          supply:
            only === undefined
              ? `project a token with the audience that the server expects (a projected volume with serviceAccountToken.audience) and let ${containerWords(placed)} send that one`
              : `set ${field} to what the server expects, or have the server take ${made}; a token for the API server is one without audience`,
        },
      };
    }),
});
