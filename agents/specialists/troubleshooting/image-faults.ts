import type { KubeEventFact } from '../../contract/index.ts';
import type { CheckContext, FindingDraft } from '../../core/agent.ts';
import { nearest } from '../../core/nearest.ts';
import { WORKLOAD_KINDS } from '../../core/workloads.ts';
import {
  type ContainerRun,
  type Placed,
  containerWords,
  fieldEvidence,
  placedContainers,
  podsOf,
  statusEvidence,
  waitingMessage,
  waitingReason,
} from './containers.ts';
import { essence, warningsOf } from './pod-warnings.ts';
import { count } from './scheduling-evidence.ts';

export const IMAGE_KINDS = [...WORKLOAD_KINDS, 'Secret'] as const;
type ImageKind = (typeof IMAGE_KINDS)[number];

export type PullFault =
  'invalidName' | 'neverPull' | 'denied' | 'limited' | 'noRoom' | 'otherMachine' | 'unreachable' | 'absent' | 'unknown';

const REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/**
 * What kind of pull failure the words mean. The reason is the kubelet's; the message is the runtime's and the registry's, which differ:
 * so each class is a set of words seen from containerd, CRI-O and the registries.
 */
export function classify(reason: string, message: string): PullFault {
  if (reason === 'InvalidImageName' || /invalid reference format|couldn.t parse image/i.test(message)) return 'invalidName';
  if (reason === 'ErrImageNeverPull') return 'neverPull';
  if (/no space left on device|disk quota exceeded/i.test(message)) return 'noRoom';
  if (/\b429\b|too ?many ?requests|pull rate limit|rate exceeded/i.test(message)) return 'limited';
  if (/no match for platform|no matching manifest for|does not match the specified platform/i.test(message)) return 'otherMachine';
  if (/\b(401|403)\b|unauthorized|denied|authorization failed|authentication required|no basic auth|forbidden/i.test(message))
    return 'denied';
  if (
    /no such host|server misbehaving|dial tcp|i\/o timeout|connection refused|network is unreachable|no route to host|tls:|x509|deadline exceeded|EOF\b|\b5\d\d\b/i.test(
      message,
    ) ||
    reason === 'RegistryUnavailable'
  )
    return 'unreachable';
  if (/not found|manifest unknown|name unknown|does not exist|\b404\b/i.test(message)) return 'absent';
  return 'unknown';
}

export interface Unpulled {
  readonly placed: Placed;
  readonly runs: readonly ContainerRun[];
  readonly fault: PullFault;
  readonly message: string;
}

const known = new WeakMap<object, readonly Unpulled[]>();

/** Pods of which the kubelet is asked for the reason at once. */
const MOST_ASKED = 20;

/** Containers whose image is not there, by workload. Where the status says no more than that it backs off, the event of the pull is read. */
export function unpulled(ctx: Pick<CheckContext<ImageKind>, 'view' | 'now' | 'ask' | 'missing'>): readonly Unpulled[] {
  let asked = 0;
  return byStatus(ctx).map((u) => {
    const [first] = u.runs;
    if (u.fault !== 'unknown' || first === undefined || asked++ >= MOST_ASKED) return u;
    const about = (e: KubeEventFact) => /^Failed to pull image/i.test(e.message) && e.message.includes(u.placed.spec.image);
    const said = warningsOf(ctx, first.pod, first.pod.metadata.resourceVersion)?.findLast(about);
    return said === undefined ? u : { ...u, fault: classify('', said.message), message: said.message };
  });
}

/** By the status alone. The message of a back-off says less than the first error: the one that says why is taken. */
function byStatus(ctx: Pick<CheckContext<ImageKind>, 'view' | 'now'>): readonly Unpulled[] {
  const before = known.get(ctx.view);
  if (before !== undefined) return before;
  const found = placedContainers(ctx).flatMap((placed): Unpulled[] => {
    const runs = placed.runs.filter((r) => REASONS.has(waitingReason(r) ?? ''));
    if (runs.length === 0) return [];
    const said = runs.map((r) => ({ reason: waitingReason(r) ?? '', message: waitingMessage(r) }));
    const faults = said.map((s) => classify(s.reason, s.message));
    const at = Math.max(
      0,
      faults.findIndex((f) => f !== 'unknown'),
    );
    return [{ placed, runs, fault: faults[at] ?? 'unknown', message: said[at]?.message ?? '' }];
  });
  known.set(ctx.view, found);
  return found;
}

/** The finding about one image; `what` says why it is not there and what would be right. */
export function imageFinding({ placed, runs, message }: Unpulled, what: string, more: Partial<FindingDraft> = {}): FindingDraft {
  const field = `${placed.path}.image`;
  return {
    subject: placed.workload.ref,
    field,
    affects: podsOf(runs),
    message: `the image ${JSON.stringify(placed.spec.image)} of ${containerWords(placed)} ${what}, so ${count(runs.length, 'pod')} cannot start`,
    evidence: [
      fieldEvidence(placed.workload.ref, field, `image: ${placed.spec.image}`),
      ...(runs[0] === undefined || message === '' ? [] : [statusEvidence(runs[0], essence(message, 500))]),
    ],
    confidence: 0.95,
    ...more,
    params: { container: placed.spec.name, image: placed.spec.image, path: placed.path, ...more.params },
  };
}

/** The part of an image name that says where it is kept; undefined where none is named. */
export function registryOf(image: string): string | undefined {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost') ? first : undefined;
}

/** Pull secrets the template names that do not exist, with the near name where there is one. */
export function absentPullSecrets(
  { workload }: Placed,
  view: CheckContext<ImageKind>['view'],
): readonly { readonly name: string; readonly index: number; readonly meant: string | undefined }[] {
  if (!view.complete('Secret', workload.namespace)) return [];
  const pullable = view
    .list('Secret', workload.namespace)
    .filter((s) => s.type === 'kubernetes.io/dockerconfigjson' || s.type === 'kubernetes.io/dockercfg');
  return workload.template.spec.imagePullSecrets.flatMap(({ name }, index) => {
    if (name === '' || view.get('Secret', workload.namespace, name) !== undefined) return [];
    const near =
      nearest(
        name,
        pullable.map((s) => s.metadata.name),
      ) ?? (pullable.length === 1 ? pullable[0]?.metadata.name : undefined);
    return [{ name, index, meant: near }];
  });
}
