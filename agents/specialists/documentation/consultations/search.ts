import { defineOffer } from '../../../core/agent.ts';
import { valueOf } from './value-of.ts';

/** Passages of what is known beforehand. */
export const search = defineOffer('documentation.search', {
  kinds: [],
  run: ({ input: { text, top }, ask }) => valueOf(ask({ type: 'knowledge', text, top })) ?? { results: [], noGoodMatch: true },
});
