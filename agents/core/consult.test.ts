import { expect, test } from 'vitest';
import { type ConsultationAnswer, type Fact, consultationKey, probeKey } from '../contract/index.ts';
import { defineAgent, defineCheck, defineOffer, registry } from './agent.ts';
import { reply } from './consult.ts';
import { diagnose } from './diagnose.ts';
import { ObjectStore } from './view.ts';

const search = defineOffer('documentation.search', {
  kinds: [],
  run: ({ input: { text, top }, ask }) => {
    const fact = ask({ type: 'knowledge', text, top });
    return fact?.ok === true ? fact.value : { results: [], noGoodMatch: true };
  },
});
const owner = defineAgent({
  id: 'documentation',
  title: 'Owner',
  description: '',
  icon: 'x',
  checks: [],
  remedies: [],
  offers: {
    search,
    bestPractice: defineOffer('documentation.bestPractice', {
      kinds: [],
      run: () => {
        throw new Error('lost the book');
      },
    }),
    similarIncidents: defineOffer('documentation.similarIncidents', { kinds: [], run: () => ({ wrong: 1 }) as never }),
  },
});
const store = new ObjectStore('prod');
const wish = { type: 'knowledge', text: 'x', top: 5 } as const;

test('an offer is answered when nothing it asked for is open; what has a default need not be said', () => {
  expect(reply(owner, { name: 'documentation.search', input: { text: 'x' } }, store, new Map(), 0)).toEqual({
    type: 'wishes',
    probes: [wish],
  });
  const facts = new Map<string, Fact>([[probeKey(wish), { ok: true, value: { results: [], noGoodMatch: false } }]]);
  expect(reply(owner, { name: 'documentation.search', input: { text: 'x' } }, store, facts, 0)).toEqual({
    type: 'answer',
    value: { results: [], noGoodMatch: false },
  });
});

test('what throws, or answers in another form than the contract says, has failed', () => {
  const failed = (name: 'documentation.bestPractice' | 'documentation.similarIncidents') =>
    reply(owner, { name, input: { words: 'x' } }, store, new Map(), 0);
  expect(failed('documentation.bestPractice')).toEqual({ type: 'failed', message: 'lost the book' });
  expect(failed('documentation.similarIncidents')).toMatchObject({ type: 'failed' });
});

test('a check that asks another agent is not settled until there is an answer, a failure included, and goes on with it', () => {
  const asker = defineAgent({
    id: 'asker',
    title: 'Asker',
    description: '',
    icon: 'x',
    remedies: [],
    checks: [
      defineCheck({
        code: 'ASK-001',
        title: '',
        severity: 'low',
        role: 'cause',
        kinds: [],
        hypothesis: '',
        doc: '',
        run: ({ consult }) => {
          const heard = consult('documentation.search', { text: 'x' });
          if (heard === undefined) return [];
          const subject = { apiVersion: 'v1', kind: 'Pod', name: 'p' };
          return [{ subject, affects: [], evidence: [], message: heard.ok ? 'heard' : heard.failure.message }];
        },
      }),
    ],
  });
  const input = { agent: asker, store, now: 0, version: 1 };
  const first = diagnose({ ...input, facts: new Map() });
  const ask = { name: 'documentation.search' as const, input: { text: 'x' } };
  expect([first.report.settled, first.report.findings, first.consultations]).toEqual([false, [], [ask]]);
  const answer: ConsultationAnswer = { ok: false, failure: { code: 'agent-unavailable', message: 'Owner is paused.' } };
  const second = diagnose({ ...input, facts: new Map([[consultationKey(ask), answer]]) });
  expect([second.report.settled, second.report.findings.map((f) => f.message), second.consultations]).toEqual([
    true,
    ['Owner is paused.'],
    [],
  ]);
});

test('a consultation without a handler, or without an agent, does not compile', () => {
  const rest = { title: '', description: '', icon: 'x', checks: [], remedies: [] };
  // @ts-expect-error two of what the contract says are not answered
  expect(defineAgent({ id: 'documentation', ...rest, offers: { search } }).id).toBe('documentation');
  // @ts-expect-error under the name of another
  expect(defineAgent({ id: 'documentation', ...rest, offers: { ...owner.offers, search: owner.offers?.['bestPractice'] } }).id).toBe(
    'documentation',
  );
  // @ts-expect-error an agent of another id answers nothing
  expect(defineAgent({ id: 'other', ...rest, offers: { search } }).id).toBe('other');
  // @ts-expect-error nobody answers for documentation
  expect(registry([defineAgent({ id: 'other', ...rest })])).toHaveLength(1);
  // @ts-expect-error nobody answers for troubleshooting
  expect(registry([owner])).toHaveLength(1);
});
