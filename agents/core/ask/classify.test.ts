import { expect, test } from 'vitest';
import { agentsAsked, classify } from './classify.ts';
import { vocabulary, wordFeatures, wordings } from './wordings.ts';

const first = (request: string) => classify(request)[0]?.agent;

test('requests find whom they are for, in whole sentences and in the words of people in a hurry', () => {
  expect(
    [
      'the deployment of billing crashes again and again',
      'pods dying left and right',
      'graph of the cpu usage of web',
      'who may read the secrets',
      'which tag is deployed',
      'is there a backup of the database',
      'tls certificate runs out soon',
      'how do i read an exit code',
      'roll that back',
    ].map(first),
  ).toEqual([
    'troubleshooting',
    'troubleshooting',
    'observability',
    'security',
    'registry',
    'backup',
    'certificate',
    'documentation',
    'resolver',
  ]);
});

test('what is typed short is read in full, and a slip of a letter in a long word is no other word', () => {
  expect(wordings('whats the mem of svc web')).toEqual(wordings('what is the memory of service web'));
  const known = vocabulary(['restore the snapshot', 'renew the certificate']);
  expect(wordFeatures('restore the snapshto', known).at).toEqual(wordFeatures('restore the snapshot', known).at);
  expect(wordFeatures('renew the xertificate', known).at).not.toEqual(wordFeatures('renew the certificate', known).at);
});

test('chances are of all agents and make up one', () => {
  const likely = classify('something');
  expect(likely.map((f) => f.agent).sort()).toEqual([...agentsAsked()].sort());
  expect(likely.reduce((sum, f) => sum + f.chance, 0)).toBeCloseTo(1);
});

test.each([
  'is the cluster ok',
  'is everything fine?',
  'how is the cluster doing',
  'what is the matter with catalog',
  'hows it going in shop',
  'any problems?',
  'what’s the status of checkout',
  'is web-7d9f healthy',
])('who asks how something is has it looked at: %s', (question) => {
  expect(classify(question)[0]?.agent).toBe('troubleshooting');
});

test.each([
  ['how is the backup doing', 'backup'],
  ['is the certificate ok', 'certificate'],
  ['is the registry up', 'registry'],
])('whose thing it is decides all the same: %s', (question, agent) => {
  expect(classify(question)[0]?.agent).toBe(agent);
});
