import { HEALTHS, type Kind, type KubeObject, type ObjectRow } from '../contract/index.ts';
import { type Cell, type RowSpec, type RowSpecs, fitting } from './row-spec.ts';
import { WORKLOAD_ROWS } from './workload-rows.ts';

/**
 * Objects as rows of a list: what `kubectl get -o wide` would show, from the fields that are kept, and how well each is. One table by
 * kind; a new kind does not compile until it says what its row is, be it `plain`.
 */

/** Kinds of which there is nothing to say but that they are there. */
const plain: RowSpec<Kind> = { columns: [], row: () => ({ state: 'Active', health: 'ok', cells: [] }) };
const phase = (word: string | undefined, good: readonly string[]): { state: string; health: ObjectRow['health'] } => {
  const state = word ?? 'Unknown';
  return { state, health: good.includes(state) ? 'ok' : state === 'Unknown' ? 'unknown' : state === 'Pending' ? 'progressing' : 'warn' };
};
const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
const GOOD = { state: 'Active', health: 'ok' } as const;

/** By the condition that says whether it works: the first that is False says why; none at all is not known yet. */
function said(
  conditions: readonly { readonly type: string; readonly status: string; readonly reason?: string | undefined }[],
  type: string,
): { state: string; health: ObjectRow['health'] } {
  const all = conditions.filter((c) => c.type === type);
  const bad = all.find((c) => c.status === 'False');
  if (bad !== undefined) return { state: bad.reason ?? `Not${type}`, health: 'warn' };
  return all.some((c) => c.status === 'True') ? { state: type, health: 'ok' } : { state: 'Unknown', health: 'unknown' };
}

const bindingCells = ({ roleRef, subjects }: KubeObject<'RoleBinding' | 'ClusterRoleBinding'>): Cell[] => [
  `${roleRef.kind}/${roleRef.name}`,
  fitting(subjects.map((s) => (s.namespace === undefined ? s.name : `${s.namespace}/${s.name}`))),
];

const modes = (all: readonly string[]) => all.map((m) => m.replaceAll(/[a-z]/g, '')).join(',');
const ROLE = 'node-role.kubernetes.io/';

const ROWS: RowSpecs<Kind> = {
  ...WORKLOAD_ROWS,
  Namespace: {
    columns: [],
    row: ({ metadata, status }) =>
      metadata.deletionTimestamp != null || status.phase === 'Terminating'
        ? { state: 'Terminating', health: 'progressing', cells: [] }
        : { ...phase(status.phase ?? 'Active', ['Active']), cells: [] },
  },
  Node: {
    columns: ['roles', 'version', 'cpu', 'memory', 'pods'],
    row: ({ metadata, spec, status }) => {
      const ready = status.conditions.find((c) => c.type === 'Ready')?.status;
      const pressed = status.conditions.filter((c) => /Pressure$|NetworkUnavailable/.test(c.type) && c.status === 'True');
      const words = [ready === 'True' ? 'Ready' : 'NotReady', ...(spec.unschedulable === true ? ['SchedulingDisabled'] : [])];
      const roles = Object.keys(metadata.labels).flatMap((l) => (l.startsWith(ROLE) ? [l.slice(ROLE.length)] : []));
      const { cpu = '', memory = '', pods = '' } = status.allocatable as { cpu?: string; memory?: string; pods?: string };
      return {
        state: [...words, ...pressed.map((c) => c.type)].join(','),
        health:
          ready === 'Unknown' || ready === undefined
            ? 'unknown'
            : ready !== 'True'
              ? 'fail'
              : words.length + pressed.length > 1
                ? 'warn'
                : 'ok',
        cells: [roles.sort().join(','), status.nodeInfo?.kubeletVersion ?? '', cpu, memory, pods],
      };
    },
  },
  Service: {
    columns: ['type', 'clusterIp', 'ports', 'selector'],
    row: ({ spec }) => ({
      state: spec.type ?? 'ClusterIP',
      health: 'ok',
      cells: [
        spec.type ?? 'ClusterIP',
        spec.externalName ?? spec.clusterIP ?? '',
        fitting(spec.ports.map((p) => `${p.port}${p.nodePort === undefined ? '' : `:${p.nodePort}`}/${p.protocol ?? 'TCP'}`)),
        fitting(Object.entries(spec.selector).map(([k, v]) => `${k}=${v}`)),
      ],
    }),
  },
  EndpointSlice: {
    columns: ['addressType', 'ports', 'endpoints'],
    row: ({ addressType, ports, endpoints }) => {
      const ready = endpoints.filter((e) => e.conditions.ready !== false).length;
      return {
        state: `${ready}/${endpoints.length} ready`,
        health: ready < endpoints.length ? 'warn' : 'ok',
        cells: [
          addressType ?? '',
          fitting(ports.map((p) => String(p.port ?? p.name ?? ''))),
          fitting(endpoints.flatMap((e) => e.addresses)),
        ],
      };
    },
  },
  ConfigMap: {
    columns: ['data'],
    row: ({ data, binaryData }) => ({ state: 'Active', health: 'ok', cells: [data.length + binaryData.length] }),
  },
  Secret: {
    columns: ['type', 'data'],
    row: ({ type, data }) => ({ state: 'Active', health: 'ok', cells: [type ?? 'Opaque', data.length] }),
  },
  ServiceAccount: plain,
  PersistentVolumeClaim: {
    columns: ['volume', 'capacity', 'accessModes', 'storageClass'],
    row: ({ spec, status }) => ({
      ...phase(status.phase, ['Bound']),
      cells: [spec.volumeName ?? '', status.capacity['storage'] ?? '', modes(spec.accessModes), spec.storageClassName ?? ''],
    }),
  },
  PersistentVolume: {
    columns: ['capacity', 'accessModes', 'reclaim', 'claim', 'storageClass'],
    row: ({ spec, status }) => ({
      ...phase(status.phase, ['Bound', 'Available']),
      cells: [
        spec.capacity['storage'] ?? '',
        modes(spec.accessModes),
        spec.persistentVolumeReclaimPolicy ?? '',
        spec.claimRef?.name === undefined ? '' : `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name}`,
        spec.storageClassName ?? '',
      ],
    }),
  },
  StorageClass: {
    columns: ['provisioner', 'reclaim', 'binding', 'expansion'],
    row: (o) => ({
      state: 'Active',
      health: 'ok',
      cells: [o.provisioner, o.reclaimPolicy ?? 'Delete', o.volumeBindingMode ?? 'Immediate', String(o.allowVolumeExpansion ?? false)],
    }),
  },
  ResourceQuota: {
    columns: ['used'],
    row: ({ status }) => ({
      state: count(Object.keys(status.hard).length, 'limit'),
      health: 'ok',
      cells: [fitting(Object.entries(status.hard).map(([what, most]) => `${what}: ${status.used[what] ?? '0'}/${most}`))],
    }),
  },
  LimitRange: plain,
  IngressClass: { columns: ['controller'], row: ({ spec }) => ({ ...GOOD, cells: [spec.controller ?? ''] }) },
  NetworkPolicy: { columns: ['types'], row: ({ spec }) => ({ ...GOOD, cells: [fitting(spec.policyTypes)] }) },
  Role: { columns: ['rules'], row: ({ rules }) => ({ ...GOOD, cells: [rules.length] }) },
  ClusterRole: { columns: ['rules'], row: ({ rules }) => ({ ...GOOD, cells: [rules.length] }) },
  RoleBinding: { columns: ['role', 'subjects'], row: (binding) => ({ ...GOOD, cells: bindingCells(binding) }) },
  ClusterRoleBinding: { columns: ['role', 'subjects'], row: (binding) => ({ ...GOOD, cells: bindingCells(binding) }) },
  ValidatingWebhookConfiguration: { columns: ['webhooks'], row: ({ webhooks }) => ({ ...GOOD, cells: [webhooks.length] }) },
  MutatingWebhookConfiguration: { columns: ['webhooks'], row: ({ webhooks }) => ({ ...GOOD, cells: [webhooks.length] }) },
  APIService: {
    columns: ['service'],
    row: ({ spec, status }) => {
      const { service } = spec;
      return { ...said(status.conditions, 'Available'), cells: [service == null ? 'Local' : `${service.namespace}/${service.name}`] };
    },
  },
  CustomResourceDefinition: {
    columns: ['kind', 'versions'],
    row: ({ spec, status }) => ({
      ...said(status.conditions, 'Established'),
      cells: [spec.names.kind, fitting(spec.versions.filter((v) => v.served === true).map((v) => v.name))],
    }),
  },
  PriorityClass: { columns: ['value'], row: ({ value }) => ({ ...GOOD, cells: [value] }) },
  RuntimeClass: { columns: ['handler'], row: ({ handler }) => ({ ...GOOD, cells: [handler ?? ''] }) },
  GatewayClass: {
    columns: ['controller'],
    row: ({ spec, status }) => ({ ...said(status.conditions, 'Accepted'), cells: [spec.controllerName ?? ''] }),
  },
  Gateway: {
    columns: ['class', 'listeners'],
    row: ({ spec, status }) => ({
      ...said(status.conditions, 'Programmed'),
      cells: [spec.gatewayClassName, fitting(spec.listeners.map((l) => `${l.name}:${l.port ?? ''}`))],
    }),
  },
  HTTPRoute: {
    columns: ['hosts'],
    row: ({ spec, status }) => ({
      ...said(
        status.parents.flatMap((p) => p.conditions),
        'Accepted',
      ),
      cells: [fitting(spec.hostnames)],
    }),
  },
  VirtualService: { columns: ['hosts'], row: ({ spec }) => ({ ...GOOD, cells: [fitting(spec.hosts)] }) },
  DestinationRule: {
    columns: ['host', 'subsets'],
    row: ({ spec }) => ({ ...GOOD, cells: [spec.host, fitting(spec.subsets.map((s) => s.name))] }),
  },
  CertificateSigningRequest: {
    columns: ['signer', 'requestor'],
    row: ({ spec, status }) => {
      const answer = status.conditions.find((c) => c.status === 'True')?.type;
      return {
        state: answer ?? 'Pending',
        health: answer === undefined ? 'progressing' : answer === 'Approved' ? 'ok' : 'warn',
        cells: [spec.signerName ?? '', spec.username ?? ''],
      };
    },
  },
  HorizontalPodAutoscaler: {
    columns: ['reference', 'min', 'max', 'replicas'],
    row: ({ spec, status }) => {
      const broken = status.conditions.find((c) => c.type !== 'ScalingLimited' && c.status === 'False' && c.reason !== 'ScalingDisabled');
      const now = status.currentReplicas ?? 0;
      return {
        state: broken?.reason ?? `${now} of ${spec.minReplicas ?? 1}-${spec.maxReplicas}`,
        health:
          broken !== undefined ? 'warn' : status.desiredReplicas !== undefined && status.desiredReplicas !== now ? 'progressing' : 'ok',
        cells: [`${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`, spec.minReplicas ?? 1, spec.maxReplicas, now],
      };
    },
  },
  PodDisruptionBudget: {
    columns: ['minAvailable', 'maxUnavailable', 'allowed'],
    row: ({ spec, status }) => {
      const { currentHealthy: current = 0, desiredHealthy: desired = 0 } = status;
      return {
        state: `${current}/${desired} healthy`,
        health: current < desired ? 'warn' : 'ok',
        cells: [spec.minAvailable ?? '', spec.maxUnavailable ?? '', status.disruptionsAllowed ?? 0],
      };
    },
  },
  Ingress: {
    columns: ['class', 'hosts', 'tls'],
    row: ({ spec }) => ({
      state: 'Active',
      health: 'ok',
      cells: [spec.ingressClassName ?? '', fitting(spec.rules.map((r) => r.host ?? '*')), fitting(spec.tls.flatMap((t) => t.hosts))],
    }),
  },
};

/** The columns of a kind's rows besides name, age and state. */
export function columnsOf(kind: Kind): readonly string[] {
  return ROWS[kind].columns;
}

/**
 * A row as it is kept and sent by the ten thousand: namespace, name, uid, created (seconds since 1970), state, health (its place in
 * HEALTHS), cells in the order of the kind's columns. A pod's takes about 150 bytes as JSON.
 */
export type PackedRow = readonly [
  namespace: string | null,
  name: string,
  uid: string,
  created: number | null,
  state: string,
  health: number,
  cells: readonly Cell[],
];

/** The object as a row. Being deleted outranks whatever else could be said of it. */
export function packRow(object: KubeObject): PackedRow {
  const { namespace, name, uid, creationTimestamp, deletionTimestamp } = object.metadata;
  // The table's row takes this object's kind; the compiler cannot follow the correlation through the union.
  const spec = ROWS[object.kind] as unknown as RowSpec<Kind>;
  const { state, health, cells } = spec.row(object);
  const leaving = deletionTimestamp != null && object.kind !== 'Pod';
  const created = Date.parse(creationTimestamp ?? '');
  return [
    namespace ?? null,
    name,
    uid,
    Number.isNaN(created) ? null : created / 1_000,
    leaving ? 'Terminating' : state,
    HEALTHS.indexOf(leaving ? 'progressing' : health),
    cells,
  ];
}

/** The row with its fields named, as the contract has it. */
export function openRow(kind: Kind, [namespace, name, uid, created, state, health, cells]: PackedRow): ObjectRow {
  return {
    kind,
    namespace,
    name,
    uid,
    createdAt: created === null ? null : new Date(created * 1_000).toISOString(),
    state,
    health: HEALTHS[health] ?? 'unknown',
    cells: Object.fromEntries(columnsOf(kind).map((column, i) => [column, cells[i] ?? ''])),
  };
}
