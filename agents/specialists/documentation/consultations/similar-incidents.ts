import { defineOffer } from '../../../core/agent.ts';
import { mostAlike } from '../../../core/similar.ts';
import { valueOf } from './value-of.ts';

/** Incidents that are over and were like this one: earlier times of the same fault first, then by cause, kinds and words. */
export const similarIncidents = defineOffer('documentation.similarIncidents', {
  kinds: [],
  run: ({ input: { top, ...asked }, ask }) => {
    const past = valueOf(ask({ type: 'pastIncidents', code: asked.code }));
    return { incidents: mostAlike(asked, past?.incidents ?? [], top) };
  },
});
