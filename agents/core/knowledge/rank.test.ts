import { expect, test } from 'vitest';
import { lexicalSigns, nearlySame, rankByMeaning, rankCandidates, triplesOf } from './rank.ts';
import { stem } from './stem.ts';
import { matchOf, stemsOf, termsOf } from './words.ts';

test('words are found by their stems, and by the parts of names that are made of several', () => {
  expect(['restarts', 'restarted', 'restarting', 'policies', 'evicted', 'relational', 'ready'].map(stem)).toEqual([
    'restart',
    'restart',
    'restart',
    'polici',
    'evict',
    'relat',
    'readi',
  ]);
  expect(stemsOf('maxSurge, HTTPRoute; pod-1')).toEqual(['maxsurg', 'max', 'surg', 'httprout', 'http', 'rout', 'pod', '1']);
});

test('empty words go, what means the same is one term, and nothing in a word is an operator', () => {
  const ways = (question: string) => termsOf(question).map((term) => term.ways.map((way) => way.join(' ')));
  expect(ways("Why can't the pod be OOMKilled?")).toEqual([['oomkil', 'oom', 'out of memori', '137', 'memori limit'], ['pod']]);
  expect(ways('out of memory, exit 137')).toEqual([['oomkil', 'oom', 'out of memori', '137', 'memori limit'], ['exit']]);
  expect(matchOf({ ways: [['a"b'], ['c', 'd']], prefix: true, weight: 1 })).toBe('"a""b"* OR "c d"*');
});

const words = (text: string) => stemsOf(text);
const candidate = (id: number, text: string, head = '', cosine?: number) => ({ id, stems: words(text), head: words(head), cosine });
const terms = (question: string, having: number) => termsOf(question).map((term) => ({ ...term, having }));

test('what covers more of the question comes first; what covers little of it is not to be relied on', () => {
  const asked = terms('ingress returns wrong certificate', 2);
  const ranked = rankCandidates(
    [
      candidate(1, 'The Ingress serves the wrong certificate: it returns the one of another host.', 'Ingress certificate'),
      candidate(2, 'An Ingress and what else there is to say.'),
    ],
    asked,
    100,
    20,
  );
  expect(ranked.map(({ id, confident }) => ({ id, confident }))).toEqual([
    { id: 1, confident: true },
    { id: 2, confident: false },
  ]);
});

test('a phrase counts only where its words stand together', () => {
  const asked = terms('disruption budget', 2);
  const strength = (text: string) => lexicalSigns(candidate(1, text), asked, 100, 10).strength;
  expect(strength('a disruption budget forbids it')).toBeGreaterThan(0);
  expect(strength('a budget for a disruption')).toBe(0);
});

test('copies that differ in a word are the same; other texts are not', () => {
  const text = 'The kubelet ends a container whose memory goes over its limit and says OOMKilled in the status of the pod it belongs to';
  const same = (other: string) => nearlySame(triplesOf(words(text)), triplesOf(words(other)));
  expect(same(`${text} today`)).toBe(true);
  expect(same('The kubelet starts a container whose image is there')).toBe(false);
  // The same words in another order are another text.
  expect(same(text.split(' ').reverse().join(' '))).toBe(false);
});

test('what is worded otherwise is ordered by its meaning, helped by its words, and only what is near may be meant', () => {
  const asked = terms('restart the ledger', 2);
  const near = (id: number, text: string, cosine: number) => ({ ...candidate(id, text), cosine });
  const ranked = rankByMeaning([near(1, 'bounce it', 0.45), near(2, 'bounce the ledger', 0.4), near(3, 'sing', 0.6)], asked, 100);
  expect(ranked.map(({ id, confident }) => ({ id, confident }))).toEqual([
    { id: 2, confident: true },
    { id: 3, confident: true },
    { id: 1, confident: false },
  ]);
});
