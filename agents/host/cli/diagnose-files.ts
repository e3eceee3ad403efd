import type { Diagnosis } from '../../contract/index.ts';
import { AGENTS } from '../../specialists/index.ts';
import { diagnoseFiles } from '../files/diagnose-files.ts';
import { refsInPile } from '../files/named-in-pile.ts';
import { type Trouble, readSources } from '../files/sources.ts';
import { Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { progress } from './print.ts';

/** The diagnosis of files: no app, no data directory, no kubeconfig, no cluster. */
export async function diagnosePaths(paths: readonly string[], resource: string | undefined, flags: CommonFlags): Promise<Diagnosis> {
  const wait = progress(flags);
  wait.say('reading …');
  const troubles: Trouble[] = [];
  const outcome = await diagnoseFiles(
    AGENTS,
    readSources(paths, (trouble) => troubles.push(trouble), { stdin: process.stdin }),
    {
      name: nameOf(paths),
      namespaces: flags.namespace,
      ...(resource === undefined ? {} : { about: (pile) => refsInPile(pile, resource, flags.namespace) }),
    },
    { now: Date.now(), elapsed: () => performance.now(), troubles },
  );
  wait.done();
  if (!outcome.ok) throw new Refusal(outcome.failure);
  return outcome.value;
}

function nameOf(paths: readonly string[]): string {
  const [first = '', ...more] = paths.map((path) => (path === '-' ? 'stdin' : path));
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}
