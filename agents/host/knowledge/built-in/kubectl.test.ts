import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { KUBECTL } from '../../../core/knowledge/kubectl.ts';

const kubectl = (() => {
  try {
    return execFileSync('kubectl', ['version', '--client'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }) !== '';
  } catch {
    return false;
  }
})();

test.skipIf(!kubectl)('the table of verbs and flags is kubectl’s own', () => {
  const wrong = Object.entries(KUBECTL).flatMap(([verb, flags]) => {
    const help = execFileSync('kubectl', [...verb.split(' '), '--help'], { encoding: 'utf8' });
    return flags
      .split(' ')
      .filter((flag) => flag !== '')
      .filter((flag) => {
        const [, short, long = '', alone] = /^(?:(\w)\|)?([\w-]+)(!?)$/.exec(flag) ?? [];
        const [, given, byDefault] = new RegExp(`^ +(?:-(\\w), )?--${long}=(.*):$`, 'm').exec(help) ?? [];
        return byDefault === undefined || given !== short || (alone === '!') !== /^(?:true|false)$/.test(byDefault);
      })
      .map((flag) => `${verb} ${flag}`);
  });
  expect(wrong).toEqual([]);
});
