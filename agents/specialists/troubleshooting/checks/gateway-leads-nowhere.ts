import { type Kind, type ResourceRef, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { fieldEvidence } from '../containers.ts';
import { isNew } from '../new-objects.ts';
import { names } from '../scheduling-evidence.ts';

const GATEWAY_KINDS = ['GatewayClass', 'Gateway', 'HTTPRoute', 'Service'] as const satisfies readonly Kind[];
type Ctx = CheckContext<(typeof GATEWAY_KINDS)[number]>;

function absent(subject: ResourceRef, field: string, kind: string, wrong: string, there: readonly string[], so: string): FindingDraft {
  const right = nearest(wrong, there);
  return {
    subject,
    field,
    affects: [],
    message: `${kind} ${wrong} does not exist, so ${so}; ${right === undefined ? `there are ${names(there) || 'none'}` : `was ${right} meant?`}`,
    evidence: [fieldEvidence(subject, field, wrong)],
    confidence: 0.96,
    params: { wanted: wrong, kind, wrong, ...(right === undefined ? { supply: `name a ${kind} that exists` } : { right }) },
  };
}

export const gatewayLeadsNowhere = defineCheck({
  code: 'GTW-001',
  title: 'A Gateway or route names something that does not exist',
  severity: 'high',
  role: 'cause',
  kinds: GATEWAY_KINDS,
  hypothesis: 'its Gateway, class or Service is missing',
  doc: `A Gateway is served by the controller of its GatewayClass; an HTTPRoute hangs on its parent Gateway and sends to Services, one port of each. Where one of these
does not exist, or the Service has not that port, requests end there, with 404 or 500. (Gateway API, gateway.networking.k8s.io/v1.)`,
  run: (ctx) => [...gateways(ctx), ...routes(ctx)],
});

function gateways({ view, now, passed }: Ctx): FindingDraft[] {
  return view.list('Gateway').flatMap((gateway): FindingDraft[] => {
    const wrong = gateway.spec.gatewayClassName;
    if (isNew(gateway, now) || !view.complete('GatewayClass')) return [];
    const there = view.list('GatewayClass').map((c) => c.metadata.name);
    if (!there.includes(wrong))
      return [absent(refOf(gateway), 'spec.gatewayClassName', 'GatewayClass', wrong, there, 'no controller serves the Gateway')];
    passed(refOf(gateway), `GatewayClass ${wrong} is there`);
    return [];
  });
}

function routes({ view, now }: Ctx): FindingDraft[] {
  return view.list('HTTPRoute').flatMap((route): FindingDraft[] => {
    if (isNew(route, now)) return [];
    const ref = refOf(route);
    const { namespace } = route.metadata;
    const parents = route.spec.parentRefs.flatMap((p, i): FindingDraft[] => {
      const at = p.namespace ?? namespace;
      if ((p.kind ?? 'Gateway') !== 'Gateway' || view.get('Gateway', at, p.name) !== undefined || !view.complete('Gateway', at)) return [];
      const there = view.list('Gateway', at).map((g) => g.metadata.name);
      return [absent(ref, `spec.parentRefs[${i}].name`, 'Gateway', p.name, there, 'nobody takes up the route')];
    });
    const backends = route.spec.rules.flatMap((rule, r) =>
      rule.backendRefs.flatMap((b, i): FindingDraft[] => {
        const at = b.namespace ?? namespace;
        if ((b.kind ?? 'Service') !== 'Service' || (b.group ?? '') !== '' || !view.complete('Service', at)) return [];
        const field = `spec.rules[${r}].backendRefs[${i}]`;
        const service = view.get('Service', at, b.name);
        if (service === undefined) {
          const there = view.list('Service', at).map((s) => s.metadata.name);
          return [absent(ref, `${field}.name`, 'Service', b.name, there, 'what the route sends there is answered with an error')];
        }
        const { ports } = service.spec;
        if (b.port === undefined || ports.some((p) => p.port === b.port)) return [];
        const [only, another] = ports;
        const right = (ports.find((p) => p.targetPort === b.port) ?? (another === undefined ? only : undefined))?.port;
        return [
          {
            subject: ref,
            field: `${field}.port`,
            affects: [],
            message: `port ${b.port} is none of Service ${b.name}, so what the route sends there is answered with an error; it has ${names(ports.map((p) => String(p.port))) || 'none'}`,
            evidence: [fieldEvidence(ref, `${field}.port`, String(b.port))],
            confidence: 0.96,
            params: { wrong: b.port, ...(right === undefined ? { supply: `name a port of Service ${b.name}` } : { right }) },
          },
        ];
      }),
    );
    return [...parents, ...backends];
  });
}
