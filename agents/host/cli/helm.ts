import type { HelmRelease, HelmReleaseRow } from '../../contract/index.ts';
import { EXIT, Refusal, exitOf } from './exit.ts';
import { age, columns, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';
import { currentContext } from './where.ts';

export const run: Run = ([action, name], flags) => {
  if (action !== 'list' && action !== 'history')
    throw new Refusal({ code: 'bad-input', message: `"${action ?? ''}" is no action of helm.`, hint: 'Use list, or history RELEASE.' });
  return withSession(flags, async ({ client }) => {
    const { context, namespace } = await currentContext(client, flags);
    if (action === 'history') {
      if (name === undefined)
        throw new Refusal({ code: 'bad-input', message: 'Name a release.', hint: 'quarterdeck helm list shows them.' });
      const release = await client.helm.release({ context, namespace, name });
      show(flags, release, () => historyTable(release));
      return EXIT.ok;
    }
    const [only] = flags.namespace;
    const contexts = flags.context.length > 0 ? [...flags.context] : [context];
    const { releases, failed } = await client.helm.list({ contexts, ...(only === undefined ? {} : { namespace: only }) });
    let exit: number = EXIT.ok;
    for (const { failure } of failed) {
      process.stderr.write(`${failure.message}\n${failure.hint === undefined ? '' : `${failure.hint}\n`}`);
      exit = Math.max(exit, exitOf(failure.code));
    }
    if (failed.length < contexts.length) show(flags, { releases }, () => listTable(releases, contexts.length > 1));
    return exit;
  });
};

function listTable(releases: readonly HelmReleaseRow[], named: boolean): string {
  if (releases.length === 0) return 'No Helm releases found.';
  return columns(
    [...(named ? ['context'] : []), 'namespace', 'name', 'revision', 'status', 'chart', 'app', 'changed'],
    releases.map((r) => [
      ...(named ? [r.context] : []),
      r.namespace,
      r.name,
      String(r.revision),
      r.status,
      `${r.chart} ${r.chartVersion}`.trim(),
      r.appVersion,
      age(r.updated),
    ]),
  );
}

function historyTable({ history }: HelmRelease): string {
  return columns(
    ['revision', 'changed', 'status', 'chart', 'app', 'description'],
    history.map((r) => [String(r.revision), age(r.updated), r.status, `${r.chart} ${r.chartVersion}`.trim(), r.appVersion, r.description]),
  );
}
