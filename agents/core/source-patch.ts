import { stringify } from 'yaml';
import type { ActionSpec, Manager } from '../contract/index.ts';

/**
 * The changes of a plan as a patch file for the place they are made from: a kustomization with JSON 6902 patches, which Flux, Argo CD and
 * `kubectl apply -k` take as it is. Undefined where the actions cannot be written so (a deletion, a rollback to an earlier revision).
 */
export function sourcePatch(actions: readonly ActionSpec[], managers: readonly Manager[]): string | undefined {
  const patches = actions.map(patchOf);
  if (patches.some((p) => p === undefined)) return undefined;
  const names = managers.filter((m) => m.by !== 'a person').map((m) => `${m.by} ${m.name}`);
  const head = [
    `# The change at its source${names.length === 0 ? '' : ` (${[...new Set(names)].join(', ')})`}: merge it into the kustomization there.`,
    ...(managers.some((m) => m.by === 'Helm' || m.name.startsWith('HelmRelease'))
      ? ['# The chart may have a value for it: prefer that.']
      : []),
  ];
  return `${head.join('\n')}\n${stringify({ patches }, { lineWidth: 0 })}`;
}

function patchOf(action: ActionSpec): object | undefined {
  const { apiVersion, kind, namespace, name } = action.target;
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const target = { ...(group === '' ? {} : { group }), version, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  if (action.type === 'scale') return { target, patch: stringify([{ op: 'replace', path: '/spec/replicas', value: action.replicas }]) };
  // Tests guard the live object; the source has its own history.
  if (action.type === 'patch') return { target, patch: stringify(action.ops.filter((op) => op.op !== 'test')) };
  return undefined;
}
