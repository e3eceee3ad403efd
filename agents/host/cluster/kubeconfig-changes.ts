import { isDeepStrictEqual } from 'node:util';
import type { ContextName, Failure, Outcome } from '../../contract/index.ts';
import type { KubeContext } from '../ports/kubeconfig.ts';
import type { KubeTarget, LoadedKubeconfig } from './kubeconfig-join.ts';

/** What is different between two readings of the kubeconfigs. */

export interface KubeconfigChange {
  readonly before: LoadedKubeconfig;
  readonly after: LoadedKubeconfig;
  readonly added: readonly ContextName[];
  readonly removed: readonly ContextName[];
  /** Contexts that lead to another server or there as another user, or that have come to lead nowhere. */
  readonly changed: readonly ContextName[];
}

/**
 * Whether two targets mean the same: the same server, trust, proxy, user and namespace. In which file that is written does not matter,
 * but for plugins, which are run in its folder.
 */
export function sameTarget(a: KubeTarget, b: KubeTarget): boolean {
  if (a === b) return true;
  return (
    a.context.namespace === b.context.namespace &&
    a.context.cluster === b.context.cluster &&
    a.context.user === b.context.user &&
    (!a.user.exec || a.userKey === b.userKey) &&
    sameCluster(a, b) &&
    sameUser(a, b)
  );
}

/** The same server, trust and proxy. */
export const sameCluster = (a: KubeTarget, b: KubeTarget): boolean => a.cluster === b.cluster || isDeepStrictEqual(a.cluster, b.cluster);
/** The same credentials, or the same way to get them. */
export const sameUser = (a: KubeTarget, b: KubeTarget): boolean => a.user === b.user || isDeepStrictEqual(a.user, b.user);

function sameOutcome(a: Outcome<KubeTarget>, b: Outcome<KubeTarget>): boolean {
  if (a.ok && b.ok) return sameTarget(a.value, b.value);
  return a.ok === b.ok;
}

/** undefined where nothing is different that anybody could see. */
export function differences(before: LoadedKubeconfig, after: LoadedKubeconfig): KubeconfigChange | undefined {
  if (before === after) return undefined;
  const old = new Set(before.contexts.map((c) => c.name));
  const now = new Set(after.contexts.map((c) => c.name));
  const both = [...now].filter((name) => old.has(name));
  return {
    before,
    after,
    added: [...now].filter((name) => !old.has(name)),
    removed: [...old].filter((name) => !now.has(name)),
    changed: both.filter((name) => !sameOutcome(before.target(name), after.target(name))),
  };
}

/** The context that a vanished name is shown as now: its file still has it, and another file has one of that name too (or no more). */
export function renamed({ before, after }: KubeconfigChange, name: ContextName): KubeContext | undefined {
  const was = before.contexts.find((c) => c.name === name);
  return was === undefined ? undefined : after.contexts.find((c) => c.file === was.file && c.nameInFile === was.nameInFile);
}

/** Why a context that was connected is not any more. */
export function goneFailure(change: KubeconfigChange, name: ContextName): Failure {
  const now = renamed(change, name);
  const file = change.before.contexts.find((c) => c.name === name)?.file ?? 'the kubeconfig';
  if (now !== undefined)
    return {
      code: 'context-unknown',
      message: `The context ${name} is shown as ${now.name} now, because the kubeconfigs that are read have changed.`,
      hint: `Use ${now.name}.`,
    };
  return {
    code: 'context-unknown',
    message: `The context ${name} is no longer in ${file}, so its cluster was disconnected.`,
    hint: 'Put it back into a kubeconfig that is read, and it is connected again.',
  };
}
