/** How kwok plays nodes and pods: on which condition it writes which status. Without stages it does nothing. */

interface Wish {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

const READY = '.status.conditions.[] | select( .type == "Ready" ) | .status';
const ALIVE: Wish = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };

function stage(name: string, kind: 'Node' | 'Pod', matchExpressions: readonly Wish[], next: object, delay?: object) {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions }, ...(delay === undefined ? {} : { delay }), next },
  };
}

const NODE_CONDITIONS = `{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
  message: {{ .message | Quote }}
  reason: {{ .reason | Quote }}
  status: {{ .status | Quote }}
  type: {{ .type | Quote }}
{{ end }}
`;

const NODE_INITIAL = `${NODE_CONDITIONS}
addresses:
- address: {{ NodeIP | Quote }}
  type: InternalIP
- address: {{ NodeName | Quote }}
  type: Hostname
phase: Running
`;

const CONTAINERS = `containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  imageID: ""
  name: {{ .name | Quote }}
  ready: true
  started: true
  restartCount: 0
  state:
    running:
      startedAt: {{ $now | Quote }}
{{ end }}
{{ with NodeIPsWith .spec.nodeName }}
hostIP: {{ index . 0 | Quote }}
{{ end }}
{{ with PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
phase: Running
startTime: {{ $now | Quote }}
`;

const COMPLETE = `{{ $now := Now }}
{{ $root := . }}
containerStatuses:
{{ range $index, $item := .spec.containers }}
- image: {{ $item.image | Quote }}
  imageID: ""
  name: {{ $item.name | Quote }}
  ready: false
  started: false
  restartCount: 0
  state:
    terminated:
      exitCode: 0
      finishedAt: {{ $now | Quote }}
      reason: Completed
      startedAt: {{ $now | Quote }}
{{ end }}
phase: Succeeded
`;

const POD_CONDITIONS = ['Initialized', 'PodReadyToStartContainers', 'ContainersReady', 'Ready']
  .map((type) => `- lastTransitionTime: {{ $now | Quote }}\n  status: "True"\n  type: ${type}\n`)
  .join('');

export const STAGES = [
  stage('node-initialize', 'Node', [{ key: READY, operator: 'NotIn', values: ['True'] }], { statusTemplate: NODE_INITIAL }),
  stage(
    'node-heartbeat',
    'Node',
    [{ key: READY, operator: 'In', values: ['True'] }],
    { statusTemplate: NODE_CONDITIONS },
    { durationMilliseconds: 240_000, jitterDurationMilliseconds: 300_000 },
  ),
  stage(
    'pod-ready',
    'Pod',
    [ALIVE, { key: '.status.phase', operator: 'In', values: ['Pending'] }, { key: READY, operator: 'NotIn', values: ['True'] }],
    { statusTemplate: `{{ $now := Now }}\nconditions:\n${POD_CONDITIONS}${CONTAINERS}` },
  ),
  stage(
    'pod-complete',
    'Pod',
    [
      ALIVE,
      { key: '.status.phase', operator: 'In', values: ['Running'] },
      { key: '.metadata.ownerReferences.[].kind', operator: 'In', values: ['Job'] },
    ],
    { statusTemplate: COMPLETE },
  ),
  stage('pod-delete', 'Pod', [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }], { delete: true }),
];
