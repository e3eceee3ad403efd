import { TRUSTS, type Trust } from '../../../contract/index.ts';
import { defineOffer } from '../../../core/agent.ts';
import { valueOf } from './value-of.ts';

/** Looked through for the few that are wanted: what is believed most need not be what fits best. */
const LOOKED_AT = 20;

const belief = (trust: Trust) => TRUSTS.indexOf(trust);

/** What is written about how this is done well: only what is likely to be about it, and of that the most trusted first. */
export const bestPractice = defineOffer('documentation.bestPractice', {
  kinds: [],
  run: ({ input: { code, kind, words, top }, ask }) => {
    const text = [kind, code, words]
      .filter((w) => w !== undefined)
      .join(' ')
      .slice(0, 2_000);
    const found = valueOf(ask({ type: 'knowledge', text, top: LOOKED_AT }));
    const confident = (found?.results ?? []).filter((hit) => hit.confident);
    return { passages: confident.sort((a, b) => belief(a.trust) - belief(b.trust) || b.score - a.score).slice(0, top) };
  },
});
