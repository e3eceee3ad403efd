import { type Evidence, type Kind, type KubeObject, type ResourceRef, hostsIn, refKey, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { calledServices, serviceOf, servicesByName } from '../../../core/called-hosts.ts';
import { references } from '../../../core/relations.ts';
import { isReady } from '../../../core/unexplained.ts';
import { WORKLOAD_KINDS, type Workload, workloads } from '../../../core/workloads.ts';
import { failedRun, failureLog, fieldEvidence, logEvidence, placedContainers } from '../containers.ts';
import { contestOf } from '../contested.ts';
import { saidWhy } from '../said-why.ts';
import { names } from '../scheduling-evidence.ts';
import { selected, selecting } from '../service-pods.ts';

const SCALED_TO_ZERO_KINDS = [
  ...WORKLOAD_KINDS,
  'Service',
  'Ingress',
  'HTTPRoute',
  'ConfigMap',
  'HorizontalPodAutoscaler',
] as const satisfies readonly Kind[];
type Ctx = CheckContext<(typeof SCALED_TO_ZERO_KINDS)[number]>;
/** Somebody may be in the middle of a move. Milliseconds. */
const GRACE_MS = 2_000;
/** Logs of failing containers that are searched for whom they could not reach. */
const MOST_LOGS = 60;

export const scaledToZero = defineCheck({
  code: 'SCL-001',
  title: 'A workload others depend on is scaled to zero',
  severity: 'high',
  role: 'cause',
  kinds: SCALED_TO_ZERO_KINDS,
  hypothesis: 'what it calls is scaled to zero',
  doc: `A Deployment or StatefulSet has zero replicas, and others depend on it: workloads that name its Service in their environment, arguments, ConfigMaps or
last log lines and are not well, or an Ingress or HTTPRoute that sends to it (not a canary that is given no share). A scale to zero that hurts nobody, or that an annotation explains, is somebody's choice and stays
without a word. How many replicas there were the record of changes knows, or the autoscaler.`,
  run: (ctx) => {
    const { view } = ctx;
    const zero = new Map<string, { readonly workload: Workload; readonly services: KubeObject<'Service'>[] }>();
    for (const service of selecting(view))
      for (const w of selected(view, service)) {
        if (w.desired > 0 || (w.object.kind !== 'Deployment' && w.object.kind !== 'StatefulSet')) continue;
        const known = zero.get(refKey(w.ref));
        if (known === undefined) zero.set(refKey(w.ref), { workload: w, services: [service] });
        else known.services.push(service);
      }
    if (zero.size === 0) return [];
    const callers = callersOf(ctx, hurtWorkloads(ctx));
    return [...zero.values()].flatMap(({ workload, services }) => finding(ctx, workload, services, callers));
  },
});

function finding(ctx: Ctx, workload: Workload, services: readonly KubeObject<'Service'>[], callers: Callers): FindingDraft[] {
  const { view, now } = ctx;
  const { object, ref } = workload;
  // Where another workload stands behind the same Service as well, nobody misses this one.
  const lone = services.filter((s) => selected(view, s).every((w) => w.desired === 0));
  if (lone.length === 0 || now - Date.parse(object.metadata.creationTimestamp ?? '') < GRACE_MS) return [];
  if (saidWhy(object.metadata.annotations) !== undefined) {
    ctx.passed(ref, 'an annotation says why it is scaled to zero');
    return [];
  }
  const hurt = new Map(lone.flatMap((s) => [...(callers.get(refKey(refOf(s))) ?? [])]).filter(([w]) => w !== workload));
  const routes = lone.flatMap((s) => routesTo(ctx, s));
  if (hurt.size === 0 && routes.length === 0) return [];
  // Where somebody keeps scaling it to zero, scaling it up again helps for a minute: another check names who.
  const contest = contestOf(ctx, object);
  if (contest === 'asked' || (contest?.path === 'spec.replicas' && contest.value === '0')) return [];
  const before = replicasBefore(ctx, workload);
  if (before === 'asked') return [];
  const who = names([...[...hurt.keys()].map((w) => `${w.object.kind} ${w.name}`), ...routes.map((r) => `${r.kind} ${r.name}`)]);
  return [
    {
      subject: ref,
      field: 'spec.replicas',
      affects: [...lone.map(refOf), ...[...hurt.keys()].flatMap((w) => [w.ref, ...w.pods.map(refOf)]), ...routes],
      message: `it is scaled to zero, and ${who} ${hurt.size + routes.length === 1 ? 'depends' : 'depend'} on its Service ${names(lone.map((s) => s.metadata.name))}${before === undefined ? '' : `; it had ${before} before`}`,
      evidence: [
        fieldEvidence(ref, 'spec.replicas', '0'),
        ...[...hurt.values()].slice(0, 3),
        ...routes.slice(0, 3).map((r) => fieldEvidence(r, 'spec', `sends to Service ${names(lone.map((s) => s.metadata.name))}`)),
      ],
      severity: hurt.size > 0 ? 'high' : 'medium',
      confidence: hurt.size > 0 ? 0.9 : 0.75,
      params: { replicas: before ?? 1, known: before !== undefined },
    },
  ];
}

/** Workloads that name a Service, by `refKey` of the Service, each once. */
type Callers = ReadonlyMap<string, ReadonlyMap<Workload, Evidence>>;

function callersOf(ctx: Ctx, hurt: ReadonlySet<Workload>): Callers {
  const { view } = ctx;
  const services = servicesByName(view);
  const found = new Map<string, Map<Workload, Evidence>>();
  const add = (to: ResourceRef, w: Workload, evidence: Evidence) => {
    const known = found.get(refKey(to));
    if (known === undefined) found.set(refKey(to), new Map([[w, evidence]]));
    else if (!known.has(w)) known.set(w, evidence);
  };
  for (const w of hurt) {
    for (const to of calledServices(w.template.spec, w.namespace, services))
      add(to, w, fieldEvidence(w.ref, w.specPath, `calls ${to.name} in ${to.namespace ?? ''}`));
    for (const { kind, name } of references(w))
      if (kind === 'ConfigMap')
        for (const { name: key, hosts } of view.get('ConfigMap', w.namespace, name)?.data ?? [])
          for (const host of hosts) {
            const service = serviceOf(host, w.namespace, services);
            if (service !== undefined) add(refOf(service), w, fieldEvidence(w.ref, `ConfigMap ${name}, key ${key}`, host));
          }
  }
  const addresses = new Map(view.list('Service').map((s) => [s.spec.clusterIP ?? '', s]));
  let asked = 0;
  for (const placed of placedContainers(ctx)) {
    const run = hurt.has(placed.workload) ? placed.runs.find((r) => failedRun(r) !== undefined) : undefined;
    const ended = run === undefined ? undefined : failedRun(run);
    if (run === undefined || ended === undefined || ++asked > MOST_LOGS) continue;
    for (const line of failureLog(ctx, run, ended) ?? [])
      for (const host of hostsIn(line, false)) {
        const service = addresses.get(host) ?? serviceOf(host, placed.workload.namespace, services);
        if (service !== undefined) add(refOf(service), placed.workload, logEvidence(run, line));
      }
  }
  return found;
}

/** Workloads of which some pod is not ready, or whose program has just failed. */
function hurtWorkloads(ctx: Ctx): ReadonlySet<Workload> {
  const unwell = (p: KubeObject<'Pod'>) =>
    !isReady(p) &&
    p.status.phase !== 'Succeeded' &&
    p.metadata.deletionTimestamp == null &&
    ctx.now - Date.parse(p.metadata.creationTimestamp ?? '') >= GRACE_MS;
  const found = new Set(workloads(ctx.view).filter((w) => w.desired > 0 && w.currentPods.some(unwell)));
  for (const { workload, runs } of placedContainers(ctx)) if (runs.some((run) => failedRun(run) !== undefined)) found.add(workload);
  return found;
}

/** A canary beside the Ingress that carries the traffic, which is given no share of it and that no header or cookie leads to: nobody comes this way. */
function takesNoShare(annotations: Readonly<Record<string, string>>): boolean {
  const said = (name: string) => annotations[`nginx.ingress.kubernetes.io/${name}`];
  return (
    said('canary') === 'true' &&
    Number(said('canary-weight') ?? 0) === 0 &&
    said('canary-by-header') === undefined &&
    said('canary-by-cookie') === undefined
  );
}

function routesTo({ view }: Ctx, service: KubeObject<'Service'>): ResourceRef[] {
  const { name, namespace } = service.metadata;
  const ingresses = view
    .list('Ingress', namespace)
    .filter(
      ({ metadata, spec }) =>
        !takesNoShare(metadata.annotations) &&
        [spec.defaultBackend, ...spec.rules.flatMap((r) => (r.http?.paths ?? []).map((p) => p.backend))].some(
          (b) => b?.service?.name === name,
        ),
    );
  const routes = view
    .list('HTTPRoute')
    .filter((r) =>
      r.spec.rules.some((rule) =>
        rule.backendRefs.some(
          (b) =>
            (b.kind ?? 'Service') === 'Service' && b.weight !== 0 && b.name === name && (b.namespace ?? r.metadata.namespace) === namespace,
        ),
      ),
    );
  return [...ingresses, ...routes].map(refOf);
}

/** From the record of changes, else the least an autoscaler keeps; `asked` while the record is being read. */
function replicasBefore({ ask, view }: Ctx, { object, ref }: Workload): number | undefined | 'asked' {
  const fact = ask({ type: 'changes', resource: ref, revision: object.metadata.resourceVersion });
  if (fact === undefined) return 'asked';
  const changes = fact.ok ? fact.value.changes : [];
  for (const { fields } of changes) {
    const from = fields.find((f) => f.path === 'spec.replicas' && f.to === '0')?.from;
    if (from !== undefined && from !== null && Number(from) > 0) return Number(from);
  }
  const hpa = view
    .list('HorizontalPodAutoscaler', object.metadata.namespace)
    .find((h) => h.spec.scaleTargetRef.kind === object.kind && h.spec.scaleTargetRef.name === object.metadata.name);
  return hpa === undefined ? undefined : Math.max(1, hpa.spec.minReplicas ?? 1);
}
