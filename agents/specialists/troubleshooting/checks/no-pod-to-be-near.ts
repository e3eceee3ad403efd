import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { field } from '../../../core/paths.ts';
import { fieldEvidence } from '../containers.ts';
import { count, names, schedulerSaid } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { meantBy, nearTerms } from '../scheduling-neighbours.ts';
import { stuckAt } from '../scheduling.ts';

const TERMS = 'affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution';
/** The pods it wants to be near to may be on their way to their nodes. Milliseconds. */
const GRACE_MS = 15_000;

export const noPodToBeNear = defineCheck({
  code: 'SCH-013',
  title: 'There is no pod it must be near to',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'the pods it must be near to are not there',
  doc: `Required pod affinity lets a pod only where pods with given labels are. Where no pod of its namespace (or of those it names) carries
them, a label is misspelt or those pods are gone; where they are, it is their nodes that do not do.`,
  run: ({ view, now }) =>
    stuckAt(view, 'near').flatMap((stuck): FindingDraft[] => {
      const { workload, pods, spec } = stuck;
      if (now - stuck.since < GRACE_MS) return [];
      const terms = nearTerms(spec);
      const index = terms.findIndex((t) => meantBy(t, workload.namespace, view).length === 0);
      const term = terms[Math.max(index, 0)];
      if (term === undefined) return [];
      const path = `${workload.specPath}.${TERMS}[${Math.max(index, 0)}]`;
      const common = { subject: workload.ref, affects: pods.map(refOf) };
      if (index < 0) {
        const there = [...new Set(terms.flatMap((t) => meantBy(t, workload.namespace, view)).map((p) => p.spec.nodeName ?? ''))];
        return [
          {
            ...common,
            field: path,
            message: `${count(pods.length, 'pod')} cannot be placed: it must be where the pods are that its required affinity names (on ${names(there)}), and it may not run there`,
            evidence: schedulerSaid(stuck),
            confidence: 0.9,
          },
        ];
      }
      const pairs = Object.entries(term.labelSelector?.matchLabels ?? {});
      const all = view.list('Pod', workload.namespace);
      const wrong = pairs.find(([k, v]) => !all.some((p) => p.metadata.labels[k] === v)) ?? pairs[0];
      const values = wrong === undefined ? [] : [...new Set(all.flatMap((p) => p.metadata.labels[wrong[0]] ?? []))];
      const meant = wrong === undefined ? undefined : nearest(wrong[1], values);
      const at = wrong === undefined ? `${path}.labelSelector` : field(`${path}.labelSelector.matchLabels`, wrong[0]);
      const wanted = pairs.map(([k, v]) => `${k}=${v}`);
      return [
        {
          ...common,
          field: at,
          message: `${count(pods.length, 'pod')} cannot be placed: it must be near a pod labelled ${names(wanted)}, and no such pod is on a node${meant === undefined ? '' : `; pods have ${wrong?.[0] ?? ''}=${meant}`}`,
          evidence: [fieldEvidence(workload.ref, at, wrong?.[1] ?? '(no label)'), ...schedulerSaid(stuck)],
          confidence: 0.93,
          params: wrong === undefined || meant === undefined ? {} : { wrong: wrong[1], meant },
        },
      ];
    }),
});
