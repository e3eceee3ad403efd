import { type Kind, refKey, refOf, refWords } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { field } from '../../../core/paths.ts';
import { workloads } from '../../../core/workloads.ts';
import { fieldEvidence, logEvidence } from '../containers.ts';
import { failingRuns } from '../failing-runs.ts';
import { calleeOf } from '../log-callees.ts';
import { meantFor } from '../meant-workload.ts';
import { names } from '../scheduling-evidence.ts';
import { SERVICE_KINDS, podLabels, selected, selecting } from '../service-pods.ts';

/** A Service and its workload often come in one file: it is given this long to arrive. Milliseconds. */
const GRACE_MS = 2_000;
/** Where nothing looks like it was meant, the workload may still be on its way. */
const LONG_GRACE_MS = 15_000;

const pairs = (selector: Readonly<Record<string, string>>) => names(Object.entries(selector).map(([key, value]) => `${key}=${value}`));

const KINDS_READ = [...SERVICE_KINDS, 'Namespace', 'EndpointSlice'] as const satisfies readonly Kind[];

export const serviceSelectsNothing = defineCheck({
  code: 'SVC-001',
  title: 'A Service selects no pods',
  severity: 'high',
  role: 'cause',
  kinds: KINDS_READ,
  hypothesis: 'its selector matches no pods',
  doc: `A Service sends traffic to the ready pods that carry every label of its selector. One wrong letter leaves it without endpoints
and everything else looks healthy. A Service whose workload is scaled to zero, one without a selector, and an ExternalName are not this
fault. The workload that was meant is the one whose labels or name come nearest. A Service without a selector that a failing program calls is one where no EndpointSlice gives
it an address.`,
  run: (ctx) => [...selectingNothing(ctx), ...givenNothing(ctx)],
});

function selectingNothing({ view, now }: CheckContext<(typeof KINDS_READ)[number]>): FindingDraft[] {
  return selecting(view).flatMap((service): FindingDraft[] => {
    const { metadata, spec } = service;
    if (!view.complete('Pod', metadata.namespace) || selected(view, service).length > 0) return [];
    const age = now - Date.parse(metadata.creationTimestamp ?? '');
    const near = workloads(view, metadata.namespace ?? '');
    const meant = meantFor(service, near);
    if (age < (meant === undefined ? LONG_GRACE_MS : GRACE_MS)) return [];
    const common = { subject: refOf(service), affects: [] };
    const selectorField = { kind: 'field' as const, resource: refOf(service), source: 'spec.selector', text: pairs(spec.selector) };
    const [change] = meant?.changes ?? [];
    if (meant === undefined || change === undefined)
      return [
        {
          ...common,
          field: 'spec.selector',
          severity: 'medium',
          message: `the selector ${pairs(spec.selector)} matches no pod and no workload in namespace ${metadata.namespace ?? ''}, so the Service has no endpoints${near.length > 0 ? `; pods there carry ${labelsOf(near.map(podLabels), Object.keys(spec.selector))}` : '; there is no workload'}`,
          evidence: [selectorField],
          confidence: 0.8,
        },
      ];
    const single = meant.changes.length === 1;
    return [
      {
        ...common,
        field: single ? field('spec.selector', change.key) : 'spec.selector',
        message: `the selector matches no pod: it asks for ${pairs(Object.fromEntries(meant.changes.map((c) => [c.key, c.value])))}, and the pods of ${refWords(meant.workload.ref)} carry ${pairs(Object.fromEntries(meant.changes.map((c) => [c.toKey, c.to])))}`,
        evidence: [
          selectorField,
          {
            kind: 'field',
            resource: meant.workload.ref,
            source: `${meant.workload.specPath.replace(/\.?spec$/, '')}.metadata.labels`.replace(/^\./, ''),
            text: pairs(podLabels(meant.workload)),
          },
        ],
        confidence: 0.95,
        params: { workload: meant.workload.name, kind: meant.workload.object.kind },
      },
    ];
  });
}

/** Services without a selector have the endpoints that somebody writes; one that is called and has none is nobody's. */
function givenNothing(ctx: CheckContext<(typeof KINDS_READ)[number]>): FindingDraft[] {
  const { view } = ctx;
  const found = new Map<string, FindingDraft>();
  for (const { placed, run, lines } of failingRuns(ctx)) {
    const callee = calleeOf(view, placed.workload.namespace, lines);
    const service = callee?.service;
    if (service === undefined || callee === undefined || found.has(refKey(refOf(service)))) continue;
    const { name, namespace = '' } = service.metadata;
    const addressed = view
      .list('EndpointSlice', namespace)
      .some((s) => s.metadata.labels['kubernetes.io/service-name'] === name && s.endpoints.some((e) => e.addresses.length > 0));
    if (Object.keys(service.spec.selector).length > 0 || service.spec.type === 'ExternalName' || addressed) continue;
    if (!view.complete('EndpointSlice', namespace)) continue;
    found.set(refKey(refOf(service)), {
      subject: refOf(service),
      field: 'spec.selector',
      affects: [placed.workload.ref],
      message: `the Service has no selector and no EndpointSlice gives it an address, so nobody answers ${refWords(placed.workload.ref)}, which calls it`,
      evidence: [fieldEvidence(refOf(service), 'spec.selector', 'not set'), logEvidence(run, callee.line)],
      confidence: 0.9,
      params: {
        supply: `select the pods of Service ${name} in spec.selector, or write an EndpointSlice labelled kubernetes.io/service-name=${name} with the addresses of what it stands for`,
      },
    });
  }
  return [...found.values()];
}

/** What pods carry under the keys of the selector, or their commonest labels. */
function labelsOf(all: readonly Readonly<Record<string, string>>[], keys: readonly string[]): string {
  const known = keys.flatMap((key) => [...new Set(all.flatMap((l) => (l[key] === undefined ? [] : [`${key}=${l[key]}`])))]);
  const any = known.length > 0 ? known : [...new Set(all.flatMap((l) => Object.entries(l).map(([k, v]) => `${k}=${v}`)))];
  return names(any) || 'no labels';
}
