import { defineAgent, defineCheck, defineOffer } from '../../../agents/core/agent.ts';
import { refOf } from '../../../agents/contract/index.ts';
import type { Agent } from '../../../agents/core/agent.ts';

/** Two agents of a test: one asks in a check, the other answers, falls, or takes for ever, as the question says. */

const asker = defineAgent({
  id: 'asker',
  title: 'Asker',
  description: 'Asks another agent about each Deployment, and says what it heard.',
  icon: 'help',
  remedies: [],
  checks: [
    defineCheck({
      code: 'ASK-001',
      title: 'Heard',
      severity: 'high',
      role: 'cause',
      kinds: ['Deployment'],
      hypothesis: 'nothing was heard',
      doc: 'For a test.',
      run: ({ view, consult }) =>
        view.list('Deployment', 'shop').map((d) => {
          const heard = consult('documentation.search', { text: d.metadata.name });
          const message =
            heard === undefined ? 'not heard yet' : heard.ok ? `heard ${heard.value.results[0]?.text ?? ''}` : heard.failure.message;
          return { subject: refOf(d), affects: [], message, evidence: [] };
        }),
    }),
  ],
});

const hit = (text: string) => ({
  results: [
    {
      id: 'x',
      source: 's',
      path: 'p',
      heading: '',
      line: 1,
      score: 1,
      confident: true,
      text,
      trust: 'own' as const,
      givesOrders: false,
      at: null,
      alsoIn: [],
    },
  ],
  noGoodMatch: false,
});

const answerer = defineAgent({
  id: 'documentation',
  title: 'Answerer',
  description: 'Answers as it is asked to.',
  icon: 'help',
  checks: [],
  remedies: [],
  offers: {
    search: defineOffer('documentation.search', {
      kinds: [],
      run: ({ input: { text } }) => {
        if (text === 'for ever') for (;;);
        if (text === 'wrongly') return { nonsense: true } as never;
        if (text === 'throws') throw new Error('no idea');
        // Of a thread this ends the thread.
        if (text === 'fall') process.exit(1);
        return hit(text.toUpperCase());
      },
    }),
    bestPractice: defineOffer('documentation.bestPractice', {
      kinds: ['ConfigMap'],
      run: ({ view, input: { words } }) => ({
        passages: [{ ...hit(`${words} ${view.list('ConfigMap', 'shop').length > 0}`).results[0]!, score: 1, confident: true }],
      }),
    }),
    similarIncidents: defineOffer('documentation.similarIncidents', {
      kinds: [],
      run: ({ ask }) => {
        const past = ask({ type: 'pastIncidents' });
        return past === undefined || past.ok ? { incidents: [] } : raise(past.failure.message);
      },
    }),
  },
});

function raise(message: string): never {
  throw new Error(message);
}

export const AGENTS: readonly Agent[] = [asker, answerer];
