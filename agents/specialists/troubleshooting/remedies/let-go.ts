import { refWords } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';

export const letGo = defineRemedy({
  name: 'let-go',
  codes: ['NSP-001', 'NSP-002', 'API-003'],
  kinds: [],
  doc: `A finalizer stands for a clean-up that only its controller knows how to do: a volume to release, a record to take away. It is never
removed here; said is who must be brought back, and what a person gives up who removes it by hand.`,
  run: ({ finding }) => {
    const { finalizers, waits, remains, discovery } = finding.params;
    const object = refWords(finding.subject);
    if (finding.code === 'API-003')
      return { advice: `Give ${object} names of its own, or remove the definition that has them if that one is not used.` };
    if (typeof finding.params['supply'] === 'string') return { advice: finding.params['supply'] };
    if (waits === true) return { advice: `End the pods that mount it; then it goes by itself.` };
    if (finding.code === 'NSP-002')
      return {
        advice: `Bring back the controller that put ${String(finalizers)} there and look at its log: it removes the finalizer when its clean-up is done. Only if it is gone for good, do the clean-up by hand and remove the finalizer from ${object}.`,
      };
    if (discovery === true) return { advice: `Bring back the API that cannot be listed; then the namespace goes by itself.` };
    if (remains === true)
      return {
        advice: `Look at what remains in ${object} and at the controllers of those finalizers; the namespace goes when they are done.`,
      };
    return { advice: `Look at what ${object} says in its conditions; it goes when that is solved.` };
  },
});
