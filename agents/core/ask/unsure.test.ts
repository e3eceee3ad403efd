import { expect, test } from 'vitest';
import { agentsAsked } from './classify.ts';
import { named, whomAsked } from './unsure.ts';

const likely = (chances: Readonly<Record<string, number>>) => Object.entries(chances).map(([agent, chance]) => ({ agent, chance }));

test('a model is asked only where the words leave a doubt, and only about those who are as likely', () => {
  expect(whomAsked('x', likely({ backup: 0.9, registry: 0.1 }), [])).toBeUndefined();
  expect(whomAsked('x', likely({ backup: 0.5, registry: 0.1 }), [])).toBeUndefined();
  const asked = whomAsked('the old one is gone', likely({ backup: 0.4, registry: 0.35, security: 0.1 }), []);
  expect(asked?.template).toEqual(['backup']);
  expect(asked?.read({ chosen: ['option 2'] })).toEqual({ ok: true, value: ['registry'] });
  expect(asked?.read({ chosen: ['option 3'] }).ok).toBe(false);
});

test('each agent that can be asked is told to the model by what it knows', () => {
  const asked = whomAsked(
    'x',
    agentsAsked().map((agent) => ({ agent, chance: 1 / agentsAsked().length })),
    [],
  );
  for (const agent of agentsAsked()) expect(asked?.prompt.data).not.toContain(`: ${agent}\n`);
});

test('who is named comes first, and nobody is lost', () => {
  expect(named(likely({ a: 0.4, b: 0.3, c: 0.3 }), 'b').map((f) => f.agent)).toEqual(['b', 'a', 'c']);
});
