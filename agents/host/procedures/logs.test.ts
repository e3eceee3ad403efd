import { createRouterClient } from '@orpc/server';
import { expect, test } from 'vitest';
import type { Outcome, TablePage } from '../../contract/index.ts';
import type { AppParts } from '../app-parts.ts';
import { logProcedures } from './logs.ts';

/** Whose logs are to be followed, where `there` are the Deployments of the namespace. */
function asked(there: readonly string[], failure?: Outcome<never>) {
  const chosen: string[] = [];
  const table = (_: string, { name }: { readonly name?: string | undefined }): Promise<Outcome<TablePage>> =>
    Promise.resolve(
      failure ?? {
        ok: true,
        value: {
          kind: { kind: 'Deployment', apiVersion: 'apps/v1' },
          rows: there.filter((n) => name === undefined || n === name).map((n) => ({ name: n, namespace: 'shop', uid: n })),
          next: null,
        } as unknown as TablePage,
      },
    );
  const watch = (_: string, { workload }: { readonly workload: string }, on: boolean) => {
    if (on) chosen.push(workload);
    return chosen.map((name) => ({ namespace: 'shop', workload: name }));
  };
  const parts = { logs: { watch }, ports: { kube: { table } } } as unknown as AppParts;
  const { logs } = createRouterClient(logProcedures(parts));
  return (workload: string, on = true) => logs.watch({ context: 'prod', namespace: 'shop', workload, on });
}

test('a workload that is not there is refused with what there is instead; one that is gone can be let go of', async () => {
  const watch = asked(['checkout']);
  await expect(watch('deploy/chekout')).rejects.toMatchObject({
    data: {
      code: 'not-found',
      message: 'There is no Deployment chekout in namespace shop.',
      hint: expect.stringContaining('checkout') as string,
    },
  });
  expect((await watch('deploy/checkout')).chosen).toEqual([{ namespace: 'shop', workload: 'Deployment/checkout' }]);
  await expect(watch('deploy/nowhere', false)).resolves.toMatchObject({ chosen: [{ workload: 'Deployment/checkout' }] });
  await expect(watch('cake/checkout')).rejects.toThrow('"cake" is no kind of workload');
});

test('while the cluster does not answer, a choice is kept for when it does', async () => {
  const watch = asked([], { ok: false, failure: { code: 'cluster-unreachable', message: 'prod does not answer.' } });
  expect((await watch('deploy/checkout')).chosen).toHaveLength(1);
});
