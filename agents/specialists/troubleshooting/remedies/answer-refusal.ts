import { defineRemedy } from '../../../core/agent.ts';
import { workloadAt } from '../../../core/workloads.ts';
import { CLASS_KINDS } from '../checks/class-does-not-exist.ts';
import { changeOrAdvice, replaceValue } from '../template-change.ts';

export const answerRefusal = defineRemedy({
  name: 'answer-refusal',
  codes: ['ADM-004', 'ADM-005', 'ADM-006'],
  kinds: CLASS_KINDS,
  doc: `Names the class of a nearly equal name, where just one is near. What a policy demands, or the API server
refuses, is said in its own words, for a person.`,
  run: ({ finding, view }) => {
    const w = workloadAt(view, finding.subject);
    const { kind, wanted, meant, who } = finding.params;
    if (w === undefined) return undefined;
    if (typeof who === 'string')
      return { advice: `Change ${w.object.kind} ${w.name} as ${who} demands, or ask whoever owns it for an exception: ${finding.message}` };
    if (finding.code === 'ADM-006')
      return {
        advice:
          finding.params['object'] === 'claim'
            ? `Have what refuses the claim changed by whoever owns it (a LimitRange, a quota, a policy), or ask for less: claim templates cannot be changed, so delete StatefulSet ${w.name} with --cascade=orphan and create it again with others. It says: ${finding.message}`
            : finding.params['admitted'] === true
              ? `Nothing in ${w.object.kind} ${w.name} needs to be changed: wait for the controller's next attempt, or restart the rollout for one at once.`
              : `Change in the pod template of ${w.object.kind} ${w.name} what the API server names, or supply what it misses, and try the manifest first with a dry run on the server: ${finding.message}`,
      };
    const advice = `Create ${String(kind)} ${String(wanted)}, or correct ${finding.field ?? 'the name'}.`;
    if (typeof meant !== 'string' || typeof wanted !== 'string' || finding.field === undefined) return { advice };
    return changeOrAdvice(w, replaceValue(finding.field, wanted, meant), {
      remedy: 'answer-refusal',
      title: `Name ${String(kind)} ${meant} instead of ${wanted}`,
      because: `${String(kind)} ${wanted} does not exist, and ${meant} is the only one with a nearly equal name`,
      verify: [finding.code],
    });
  },
});
