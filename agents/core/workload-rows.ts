import type { Health, KubeObject, PodTemplate } from '../contract/index.ts';
import { podState } from './pod-state.ts';
import { type RowSpecs, fitting } from './row-spec.ts';

/** Rows of what runs pods. */

const images = (template: PodTemplate | undefined): string =>
  fitting((template?.spec.containers ?? []).map((c) => c.image.replace(/@sha256:[0-9a-f]{64}$/, '@sha256…')));

type Conditions = readonly { readonly type: string; readonly status: string; readonly reason?: string | undefined }[];
const condition = (all: Conditions, type: string) => all.find((c) => c.type === type);

/** Replicas that are there, of those that should be. */
function replicaHealth(desired: number, ready: number, settled: boolean, failed: boolean): Health {
  if (desired === 0) return settled ? 'ok' : 'progressing';
  if (ready >= desired && settled) return 'ok';
  if (failed) return 'fail';
  if (!settled) return 'progressing';
  return ready === 0 ? 'fail' : 'warn';
}

/** `ReplicaSet/checkout-7d9f`; empty where nothing controls it. */
const controller = ({ ownerReferences }: KubeObject['metadata']): string => {
  const owner = ownerReferences.find((o) => o.controller === true) ?? ownerReferences[0];
  return owner === undefined ? '' : `${owner.kind}/${owner.name}`;
};

const observed = (o: { metadata: { generation?: number | undefined }; status: { observedGeneration?: number | undefined } }): boolean =>
  o.metadata.generation === undefined || (o.status.observedGeneration ?? 0) >= o.metadata.generation;

function deployment({ metadata, spec, status }: KubeObject<'Deployment'>) {
  const desired = spec.replicas ?? 1;
  const ready = status.readyReplicas ?? 0;
  const updated = status.updatedReplicas ?? 0;
  const progressing = condition(status.conditions, 'Progressing');
  const failed = progressing?.status === 'False' || condition(status.conditions, 'ReplicaFailure')?.status === 'True';
  const rolling = progressing?.status === 'True' && progressing.reason !== 'NewReplicaSetAvailable';
  const settled = observed({ metadata, status }) && !rolling && (updated >= desired || spec.paused === true);
  return {
    state: `${spec.paused === true ? 'paused, ' : ''}${ready}/${desired} ready`,
    health: replicaHealth(desired, ready, settled, failed),
    cells: [`${ready}/${desired}`, updated, status.availableReplicas ?? 0, images(spec.template)],
  };
}

function job({ metadata, spec, status }: KubeObject<'Job'>) {
  const wanted = spec.completions ?? 1;
  const done = status.succeeded ?? 0;
  const failed = condition(status.conditions, 'Failed');
  const complete = condition(status.conditions, 'Complete')?.status === 'True';
  const suspended = spec.suspend === true;
  const state =
    failed?.status === 'True'
      ? (failed.reason ?? 'Failed')
      : complete
        ? 'Complete'
        : suspended
          ? 'Suspended'
          : `${status.active ?? 0} running`;
  const health: Health =
    failed?.status === 'True' ? 'fail' : complete || suspended ? 'ok' : (status.failed ?? 0) > 0 ? 'warn' : 'progressing';
  return { state, health, cells: [`${done}/${wanted}`, status.failed ?? 0, images(spec.template), controller(metadata)] };
}

export const WORKLOAD_ROWS: RowSpecs<'Pod' | 'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'CronJob'> = {
  Pod: {
    columns: ['ready', 'restarts', 'ip', 'node', 'controlledBy'],
    row: (pod) => {
      const { state, health, ready, containers, restarts } = podState(pod);
      const { podIP = '' } = pod.status;
      return { state, health, cells: [`${ready}/${containers}`, restarts, podIP, pod.spec.nodeName ?? '', controller(pod.metadata)] };
    },
  },
  Deployment: { columns: ['ready', 'upToDate', 'available', 'images'], row: deployment },
  ReplicaSet: {
    columns: ['desired', 'current', 'ready', 'images', 'controlledBy'],
    row: ({ metadata, spec, status }) => {
      const desired = spec.replicas ?? 1;
      const ready = status.readyReplicas ?? 0;
      const failed = condition(status.conditions, 'ReplicaFailure')?.status === 'True';
      return {
        state: `${ready}/${desired} ready`,
        health: replicaHealth(desired, ready, observed({ metadata, status }) && (status.replicas ?? 0) === desired, failed),
        cells: [desired, status.replicas ?? 0, ready, images(spec.template), controller(metadata)],
      };
    },
  },
  StatefulSet: {
    columns: ['ready', 'upToDate', 'images'],
    row: ({ metadata, spec, status }) => {
      const desired = spec.replicas ?? 1;
      const ready = status.readyReplicas ?? 0;
      const rolled = status.updateRevision === undefined || status.currentRevision === status.updateRevision;
      return {
        state: `${ready}/${desired} ready`,
        health: replicaHealth(desired, ready, observed({ metadata, status }) && rolled && (status.replicas ?? 0) === desired, false),
        cells: [`${ready}/${desired}`, status.updatedReplicas ?? 0, images(spec.template)],
      };
    },
  },
  DaemonSet: {
    columns: ['desired', 'current', 'ready', 'upToDate', 'available', 'images'],
    row: ({ metadata, spec, status }) => {
      const desired = status.desiredNumberScheduled ?? 0;
      const ready = status.numberReady ?? 0;
      const updated = status.updatedNumberScheduled ?? 0;
      return {
        state: `${ready}/${desired} ready`,
        health: replicaHealth(desired, ready, observed({ metadata, status }) && updated >= desired, false),
        cells: [desired, status.currentNumberScheduled ?? 0, ready, updated, status.numberAvailable ?? 0, images(spec.template)],
      };
    },
  },
  Job: { columns: ['completions', 'failed', 'images', 'controlledBy'], row: job },
  CronJob: {
    columns: ['schedule', 'concurrency', 'images'],
    row: ({ spec }) => ({
      state: spec.suspend === true ? 'Suspended' : 'Scheduled',
      health: 'ok',
      cells: [spec.schedule, spec.concurrencyPolicy ?? 'Allow', images(spec.jobTemplate.spec.template)],
    }),
  },
};
