import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { fieldEvidence } from '../containers.ts';
import { backendsOf } from '../ingress-backends.ts';
import { names } from '../scheduling-evidence.ts';

export const ingressPortWrong = defineCheck({
  code: 'ING-002',
  title: 'An Ingress names a port its Service does not have',
  severity: 'high',
  role: 'cause',
  kinds: ['Ingress', 'Service'],
  hypothesis: 'a port it sends to is not one of the Service',
  doc: `The port of an Ingress backend is a port of the Service (its number or name), not of the pods. Where the Service has no such port the
controller has nothing to send to and answers 503.`,
  run: ({ view }) =>
    view.list('Ingress').flatMap((ingress) => {
      const ref = refOf(ingress);
      return backendsOf(ingress).flatMap(({ path, name, port }) => {
        const service = view.get('Service', ingress.metadata.namespace, name);
        if (service === undefined || port === undefined || service.spec.type === 'ExternalName') return [];
        const { ports } = service.spec;
        if (ports.some((p) => (port.name === undefined || port.name === '' ? p.port === port.number : p.name === port.name))) return [];
        const byName = port.name !== undefined && port.name !== '';
        const wrong = byName ? (port.name ?? '') : (port.number ?? 0);
        const field = `${path}.port.${byName ? 'name' : 'number'}`;
        const named = ports.flatMap((p) => p.name ?? []);
        const only = ports.length === 1 ? ports[0] : undefined;
        // A number that is the port of the pods is the commonest slip: the Service's own port for it is meant.
        const behind = ports.find((p) => p.targetPort === port.number);
        const right = byName ? (nearest(String(wrong), named) ?? (named.length === 1 ? named[0] : undefined)) : (behind ?? only)?.port;
        const there = names(ports.map((p) => `${p.port}${p.name === undefined ? '' : ` (${p.name})`}`));
        return [
          {
            subject: ref,
            field,
            affects: [],
            message: `port ${wrong} is none of Service ${name}, so the Ingress has nothing to send to there; it has ${there || 'none'}`,
            evidence: [fieldEvidence(ref, field, String(wrong)), fieldEvidence(refOf(service), 'spec.ports', there || 'no ports')],
            confidence: 0.96,
            params: { wrong, ...(right === undefined ? { supply: `set ${field} to a port of Service ${name}` } : { right }) },
          },
        ];
      });
    }),
});
