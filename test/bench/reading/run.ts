import { fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figures } from './measure.ts';

type Who = 'own' | 'typed';

/** A child of the benchmark: each reader has a process of its own, so that memory and loop are its alone. */
export interface Child {
  next(): Promise<Figures>;
  go(): void;
  ended(): Promise<void>;
}

export function child(who: Who, task: string, kubeconfig: string, rounds = 1): Child {
  const file = join(import.meta.dirname, `${who}.ts`);
  const reader = fork(file, [task, kubeconfig, String(rounds)], {
    execArgv: ['--expose-gc', '--max-old-space-size=8192'],
    // As the command line has it.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'quarterdeck-bench-cache') },
  });
  const told: Figures[] = [];
  const waiting: ((figures: Figures) => void)[] = [];
  reader.on('message', (figures: Figures) => {
    const first = waiting.shift();
    if (first === undefined) told.push(figures);
    else first(figures);
  });
  const gone = new Promise<number | null>((resolve) => reader.once('exit', resolve));
  return {
    next: () => {
      const first = told.shift();
      if (first !== undefined) return Promise.resolve(first);
      return Promise.race([
        new Promise<Figures>((resolve) => void waiting.push(resolve)),
        gone.then((code) => Promise.reject(new Error(`${who} ${task} ended with ${code}`))),
      ]);
    },
    go: () => void reader.send('go'),
    ended: () => gone.then(() => undefined),
  };
}

/** All figures a child tells in so many rounds, after one to warm up. */
export async function rounds(who: Who, task: string, kubeconfig: string, count: number): Promise<readonly Figures[]> {
  const one = child(who, task, kubeconfig, count + 1);
  const figures: Figures[] = [];
  for (let i = 0; i <= count; i++) figures.push(await one.next());
  await one.ended();
  return figures.slice(1);
}
