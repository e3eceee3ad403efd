import { describe, expect, test } from 'vitest';
import { canAnswer, mayAnswer, namesIn } from './answers.ts';
import { asksWhatIsNot, counts, headOf, wantedBy } from './wanted.ts';

const page = (text: string, heading = 'Moving house', confident = true) => ({
  source: 'wiki',
  path: 'moving.md',
  heading,
  text,
  confident,
});
const answers = (question: string, text: string, heading?: string) => canAnswer(question, page(text, heading), true);

test.each([
  ['how long is a session kept', 'duration'],
  ['how many seconds does it wait', 'duration'],
  ['When does the nightly import start?', 'time'],
  ['when was the quota raised', 'date'],
  ['How many replicas has the ledger?', 'number'],
  ['in which version was it fixed', 'version'],
  ['what does the second region cost', 'money'],
  ['what is the phone number of the carrier', 'contact'],
  ['Who is the owner of the ledger?', 'name'],
  ['who may unlock the vault', 'person'],
  ['will the ledger move', 'toCome'],
  ['Which bucket holds the dumps?', 'thing'],
  ['what is the limit of the ledger', 'thing'],
  ['is the ledger better than the journal', 'judgement'],
  ['what happens if the ledger is full', 'account'],
  ['how do I restart the ledger', 'account'],
  ['what should we do when the ledger is full', 'account'],
  ['why does the ledger stop', 'account'],
] as const)('%s asks for: %s', (question, wanted) => expect(wantedBy(question)).toBe(wanted));

test('names are what has digits or signs in it, a capital letter of its own, and a number with what it numbers', () => {
  expect(namesIn('Does Ledger 7 on db-west.example still need Redis after 5 minutes?')).toEqual([
    'Ledger',
    'ledger 7',
    'db-west.example',
    'Redis',
  ]);
  expect(namesIn('The till is locked. What opens it?')).toEqual([]);
  expect(namesIn('Why is the on-call phone silent on Monday, and who has the TLS keys?')).toEqual([]);
});

test('what is counted, and whether a number stands beside it', () => {
  expect(headOf('how many stray replicas are there')).toBe('replica');
  expect(headOf('which courier company brings it')).toBe('compani');
  expect(counts('At most nine replicas run.', 'replica')).toBe(true);
  expect(counts('After nine wrong codes a person can lift it from the replica.', 'replica')).toBe(false);
});

test('what is not so is asked for by the question itself, not by what it is for', () => {
  expect(asksWhatIsNot('which tills are not locked')).toBe(true);
  expect(asksWhatIsNot('what must be raised so that the till does not lock')).toBe(false);
});

test('an account may be worded otherwise, of what is named and no other; a value may not', () => {
  const section = page('A full drawer is emptied by the Orion courier.', 'Drawer');
  expect(mayAnswer('what do I do when there is no room for more coins', section)).toBe(true);
  expect(mayAnswer('how does Orion fetch the coins', section)).toBe(true);
  expect(mayAnswer('how does Hermes fetch the coins', section)).toBe(false);
  expect(mayAnswer('how often are the coins fetched', section)).toBe(false);
  expect(mayAnswer('what is never fetched', section)).toBe(false);
});

describe('a page can hold the answer', () => {
  const SESSIONS = 'A session of the ledger is kept for 40 minutes. It is closed when the till is locked.';

  test('where a sentence says most of what is asked and has an answer of the kind', () => {
    expect(answers('how long is a session of the ledger kept', SESSIONS)).toBe(true);
    expect(answers('when is a session closed', SESSIONS)).toBe(true);
    expect(answers('why is a session of the ledger closed', SESSIONS)).toBe(true);
  });

  test('and not of another thing, name or version', () => {
    expect(answers('how long is a session of the archive kept', SESSIONS)).toBe(false);
    expect(answers('how long is a session of Ledger 8 kept', SESSIONS)).toBe(false);
    expect(answers('how do I restart the ledger on Nomad', 'Restart the ledger with ledgerctl restart.')).toBe(false);
    expect(answers('in which version was the session leak fixed', 'The session leak is fixed by a restart.')).toBe(false);
  });

  test('and not where it has no answer of the kind: who, when it was, what it costs, what will be, what is not so', () => {
    expect(answers('who is the owner of the ledger session', SESSIONS)).toBe(false);
    expect(answers('when was the ledger session introduced', `${SESSIONS} Sessions were introduced for tills.`)).toBe(false);
    expect(answers('how much does a session of the ledger cost', SESSIONS)).toBe(false);
    expect(answers('will the session of the ledger be kept', SESSIONS)).toBe(false);
    expect(answers('which session is not closed when the till is locked', SESSIONS)).toBe(false);
    expect(answers('how many tills has the ledger', SESSIONS)).toBe(false);
  });

  test('and not put together from sections that speak of different things', () => {
    const text = '## Disk full\n\nLower the retention of the feed to 6 hours.\n\n## Draining\n\nThe orders topic needs two replicas.';
    expect(answers('what is the retention of the orders topic', text, '')).toBe(false);
    expect(answers('what is the retention of the feed', text, '')).toBe(true);
  });

  test('the cells of a row stand under the names of its columns, items under what leads to them', () => {
    expect(answers('what is the limit of the ledger in production', 'Service | Limit\n\ntest | production\n\nledger | 2Gi | 8Gi', '')).toBe(
      true,
    );
    expect(answers('what is the limit of the ledger in production', 'Service | Limit\n\ntest | cold\n\nledger | 2Gi | 8Gi', '')).toBe(
      false,
    );
    expect(answers('how long does a ledger keep a draft', 'A ledger keeps:\n\n- a draft for 3 days\n\n- a photo', '')).toBe(true);
  });

  test('an account only where the search is sure of it', () => {
    expect(canAnswer('why is a session of the ledger closed', page(SESSIONS, '', false), true)).toBe(false);
    expect(canAnswer('how long is a session of the ledger kept', page(SESSIONS, '', false), true)).toBe(true);
  });
});
