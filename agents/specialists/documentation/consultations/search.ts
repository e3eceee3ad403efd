import { defineOffer } from '../../../core/agent.ts';
import { valueOf } from './value-of.ts';

/** Passages of what is known beforehand. */
export const search = defineOffer('documentation.search', {
  kinds: [],
  run: ({ input: { text, top, teamOnly }, ask }) =>
    valueOf(ask({ type: 'knowledge', text, top, ...(teamOnly === undefined ? {} : { teamOnly }) })) ?? { results: [], noGoodMatch: true },
});
