import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { mayBeMissing } from '../held-places.ts';
import { nearest } from '../../../core/nearest.ts';
import { count, schedulerSaid, smallestChange } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS, askingOf } from '../scheduling-kinds.ts';
import { spreadAt } from '../scheduling-neighbours.ts';
import { stuckAt } from '../scheduling.ts';

/** Pods of the last revision count until they are gone. Milliseconds. */
const ROLLOUT_GRACE_MS = 20_000;

/** Labels that clouds give their nodes (Kubernetes, Well-Known Labels). */
const WELL_KNOWN = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region', 'kubernetes.io/hostname'];

export const spreadTooUneven = defineCheck({
  code: 'SCH-014',
  title: 'The spread it demands leaves no node',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'a topology spread constraint leaves it no node',
  doc: `A spread constraint with DoNotSchedule forbids that one domain of a label has more than maxSkew pods beyond the emptiest one, or beyond
none at all while there are fewer domains than minDomains. A domain that counts and takes no pods (tainted, full) stops the others too.`,
  run: ({ view, now }) =>
    stuckAt(view, 'spread').flatMap((stuck): FindingDraft[] => {
      const { workload, pods, blame } = stuck;
      const [waiting] = pods;
      if (waiting === undefined) return [];
      const { object } = workload;
      const rolling = workload.pods.length > workload.currentPods.length && object.kind === 'Deployment' && mayBeMissing(object) > 0;
      if (rolling && now - stuck.since < ROLLOUT_GRACE_MS) return [];
      const uneven = spreadAt(askingOf(waiting), view);
      const all = blame.candidates.flatMap((n) => uneven(n) ?? []);
      const first = all.find((u) => u.domain !== undefined) ?? all[0];
      if (first === undefined) return [];
      const { constraint, index, domain, here, least, domains } = first;
      const { topologyKey: key, maxSkew, minDomains } = constraint;
      const path = `${workload.specPath}.topologySpreadConstraints[${index}]`;
      const labels = [...new Set(view.list('Node').flatMap((n) => Object.keys(n.metadata.labels)))];
      const meant =
        domain === undefined
          ? nearest(
              key,
              [...labels, ...WELL_KNOWN].filter((label) => label !== key),
            )
          : undefined;
      const few = minDomains !== undefined && domains < minDomains;
      const why =
        domain === undefined
          ? `no node it could run on has the label ${key} to spread over${meant === undefined ? '' : `; was ${meant} meant?`}`
          : few
            ? `minDomains is ${minDomains}, and its nodes have ${count(domains, 'value')} of ${key}: so each may hold ${maxSkew}, and ${domain} holds ${here}`
            : `${domain} holds ${here} of its pods and the emptiest domain ${least}; maxSkew is ${maxSkew}, and the emptiest takes none`;
      return [
        {
          subject: workload.ref,
          field: domain === undefined ? `${path}.topologyKey` : few ? `${path}.minDomains` : path,
          affects: pods.map(refOf),
          message: `${count(pods.length, 'pod')} cannot be placed because it must be spread over ${key}: ${why}${meant === undefined ? smallestChange(stuck) : ''}`,
          evidence: [
            {
              kind: 'field',
              resource: workload.ref,
              source: path,
              text: `${key}, maxSkew ${maxSkew}, DoNotSchedule${minDomains === undefined ? '' : `, minDomains ${minDomains}`}`,
            },
            ...schedulerSaid(stuck),
          ],
          confidence: 0.92,
          params: {
            path,
            few,
            domains,
            ...(domain === undefined
              ? {
                  supply: `${meant === undefined ? `Name in ${path}.topologyKey a label that the nodes have` : `Write ${meant} in ${path}.topologyKey${labels.includes(meant) ? '' : ', and give the nodes that label'}`}, or say whenUnsatisfiable: ScheduleAnyway there.`,
                }
              : {}),
          },
        },
      ];
    }),
});
