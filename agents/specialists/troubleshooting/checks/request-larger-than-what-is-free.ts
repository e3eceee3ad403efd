import { defineCheck } from '../../../core/agent.ts';
import { outrankedBy, takersWords, willBeFree } from '../held-places.ts';
import { podAmounts } from '../pod-requests.ts';
import { autoscalerSaid, requestFinding, shortest } from '../request-finding.ts';
import { shortOf, takenBy } from '../scheduling-filters.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { podsOn } from '../scheduling-neighbours.ts';
import { type Stuck, stuckAt } from '../scheduling.ts';

/** While a rollout replaces pods, the old ones make room as the new ones come: not a fault until this is over. Milliseconds. */
const ROLLOUT_GRACE_MS = 20_000;

export const requestLargerThanWhatIsFree = defineCheck({
  code: 'SCH-006',
  title: 'It asks for more than is free on any node',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'it asks for more than what is free on the nodes',
  doc: `What is free on a node is its allocatable amount less the requests of the pods on it that have not ended, whether they use them
or not. Silent while pods that are being deleted would make room, and for a moment while a rollout replaces old pods.`,
  run: (ctx) => {
    const { view, now } = ctx;
    const stuck = stuckAt(view, 'free');
    if (stuck.length === 0) return [];
    const taken = takenBy(view.list('Pod'));
    const takers = (s: Stuck, node: string, resource: string) => {
      const there = s.blame?.candidates.find((n) => n.metadata.name === node);
      return there === undefined ? '' : takersWords(there, resource, view);
    };
    const staying = takenBy(view.list('Pod').filter((p) => p.metadata.deletionTimestamp == null));
    return stuck.flatMap((s) => {
      if (outrankedBy(s, view) !== undefined || willBeFree(s, (n) => podsOn(view, n.metadata.name), now)) return [];
      const rolling = s.workload.pods.length > s.workload.currentPods.length;
      if (rolling && now - s.since < ROLLOUT_GRACE_MS) return [];
      const soon = s.blame.candidates.some((n) => shortOf(podAmounts(s.spec), n, staying.get(n.metadata.name) ?? {}).length === 0);
      if (soon) return [];
      return (
        requestFinding(
          s,
          shortest(s, taken),
          taken,
          ({ pods, resource, asks, node, has, free }) =>
            `${pods} cannot be placed: each asks for ${asks} of ${resource}, and the node with the most left, ${node}, has ${free} free of ${has}${takers(s, node, resource)}`,
          autoscalerSaid(ctx, s),
        ) ?? []
      );
    });
  },
});
