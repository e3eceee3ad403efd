import { describe, expect, test } from 'vitest';
import { type Topic, saysMoreThanTopic, topicOf } from './topics.ts';

const KIND: Readonly<Record<string, string>> = {
  pods: 'Pod',
  deployments: 'Deployment',
  nodes: 'Node',
  secrets: 'Secret',
  secret: 'Secret',
  namespaces: 'Namespace',
  namespace: 'Namespace',
  services: 'Service',
};
const kindOf = (word: string) => KIND[word.toLowerCase()];
const of = (question: string, namesObject = false): Topic | undefined => topicOf(question, { namesObject, kindOf });

describe('what of a cluster a question wants to know', () => {
  test.each([
    ['what changed in the last hour?', 'changes'],
    ['did anybody deploy something today', 'changes'],
    ['show me the recent changes in shop', 'changes'],
    ['is anything unusual right now?', 'outlook'],
    ['which volumes will fill up soon', 'outlook'],
    ['which workloads are running low on memory', 'outlook'],
    ['any alerts?', 'outlook'],
    ['what waits for approval?', 'plans'],
    ['what have you done since yesterday', 'plans'],
    ['which clusters do I have?', 'clusters'],
    ['how many pods are there in shop?', 'list'],
    ['list all deployments', 'list'],
    ['which version is the cluster?', 'list'],
    ['which pods use the most memory?', 'usage'],
    ['how much cpu do the pods in shop use?', 'usage'],
    ['all pods in shop', 'list'],
    ['pods in shop', 'list'],
    ['wich pods are not ready', 'list'],
    ['is anything throttled', 'usage'],
    ['any alerts firing', 'outlook'],
    ['what did kubectl-set change today', 'changes'],
    ['open incidents', 'incidents'],
    ['how many open incidents are there', 'incidents'],
  ])('%s: %s', (question, topic) => {
    expect(of(question)?.of).toBe(topic);
  });

  test.each([
    ['how much memory does cart use?', 'usage'],
    ['how busy is cart', 'usage'],
    ['how long do requests to cart take?', 'usage'],
    ['show me the logs of cart', 'logs'],
    ['what were the last errors of cart', 'logs'],
    ['who changed cart?', 'changes'],
    ['when will cart run out of memory?', 'outlook'],
    ['on which node does cart run?', 'list'],
    ['which secrets does cart use?', 'list'],
    ['what is the memory limit of cart?', 'field'],
    ['how many replicas does cart have', 'field'],
    ['does cart have a readiness probe?', 'field'],
    ['in which namespace is cart', 'field'],
    ['mem limit cart', 'field'],
    ['nodeport of cart', 'field'],
    ['when did cart last restart', 'field'],
    ['what image does cart use', 'field'],
    ['cpu usage of cart', 'usage'],
    ['how close is cart to its memory limit', 'usage'],
    ['logs cart', 'logs'],
    ['is cart logging errors', 'logs'],
    ['what uses cart', 'related'],
    ['which services call cart', 'related'],
    ['what does cart depend on', 'related'],
    ['any secret for cart?', 'list'],
  ])('of an object: %s: %s', (question, topic) => {
    expect(of(question, true)?.of).toBe(topic);
  });

  test('who may do what, in the words of the API; of oneself it is another question', () => {
    expect(of('who can read secrets in shop?')).toEqual({ of: 'access', verb: 'get', resource: 'secrets', who: 'anybody' });
    expect(of('can I delete the pods in shop')).toEqual({ of: 'access', verb: 'delete', resource: 'pods', who: 'oneself' });
    expect(of('who may exec into pods')).toEqual({ of: 'access', verb: 'create', resource: 'pods/exec', who: 'anybody' });
    expect(of('who can help me')).toBeUndefined();
    expect(of('can priya delete pods in shop')).toEqual({ of: 'access', verb: 'delete', resource: 'pods', who: { name: 'priya' } });
    expect(of("can cart's sa read the db secret?")).toEqual({ of: 'access', verb: 'get', resource: 'secret', who: { name: 'cart' } });
    expect(of('can you list pods in shop')?.of).toBe('list');
    expect(of('can cart reach the pods of shop', true)?.of).not.toBe('access');
  });

  test.each([
    'why does cart crash?',
    'why did the pods restart',
    'which pods are failing?',
    'how do I see the logs of a pod?',
    'how do I list deployments',
    'what is wrong?',
    'is cart healthy?',
    'restart cart',
    'fix it',
    'cart is slow',
  ])('for a look or a page: %s', (question) => {
    expect([of(question), of(question, !/healthy|restart|slow/.test(question))]).toEqual([undefined, undefined]);
  });

  test('what no cluster is made of is more than such a question', () => {
    expect(saysMoreThanTopic('which nodes are in the rack by the window', kindOf)).toBe(true);
    expect(saysMoreThanTopic('how many requests does the payroll vendor make', kindOf)).toBe(true);
    expect(saysMoreThanTopic('which nodes use the most memory right now', kindOf)).toBe(false);
    expect(saysMoreThanTopic('what changed in the last hour', kindOf)).toBe(false);
  });
});
