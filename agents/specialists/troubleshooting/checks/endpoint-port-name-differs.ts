import { type Kind, type KubeObject, type ResourceRef, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { isNew } from '../new-objects.ts';
import { names } from '../scheduling-evidence.ts';

const KINDS_READ = ['Service', 'EndpointSlice'] as const satisfies readonly Kind[];
type Slice = KubeObject<'EndpointSlice'>;

/** Made by the control plane of an Endpoints object of the same name: that is what a person edits. */
const MIRRORED = 'endpointslicemirroring-controller.k8s.io';
const isReady = (slice: Slice): boolean => slice.endpoints.some((e) => e.conditions.ready !== false && e.addresses.length > 0);

export const endpointPortNameDiffers = defineCheck({
  code: 'SVC-016',
  title: 'Endpoints written by hand have no port of the Service',
  severity: 'high',
  role: 'cause',
  kinds: KINDS_READ,
  hypothesis: 'its endpoints have no port of that name',
  doc: `A Service without a selector gets its addresses from an EndpointSlice (or an Endpoints object) that somebody else writes. A port of the Service is joined with
the port of the same name there, and nothing else: where the names differ, addresses are there and connections are refused all the same.`,
  run: ({ view, now }) =>
    view.list('Service').flatMap((service): FindingDraft[] => {
      const { namespace, name } = service.metadata;
      if (service.spec.type === 'ExternalName' || Object.keys(service.spec.selector).length > 0 || isNew(service, now)) return [];
      const slices = view
        .list('EndpointSlice', namespace)
        .filter((s) => s.metadata.labels['kubernetes.io/service-name'] === name && isReady(s) && !isNew(s, now));
      const [first] = slices;
      if (first === undefined) return [];
      return service.spec.ports.flatMap((port, i): FindingDraft[] => {
        const wanted = port.name ?? '';
        const protocol = port.protocol ?? 'TCP';
        const there = slices.flatMap((s) =>
          s.ports.map((p, at) => ({ slice: s, at, name: p.name ?? '', port: p.port, protocol: p.protocol ?? 'TCP' })),
        );
        if (there.some((p) => p.name === wanted && p.protocol === protocol)) return [];
        const spare = there.filter((p) => p.protocol === protocol && !service.spec.ports.some((own) => (own.name ?? '') === p.name));
        const meant = spare.find((p) => p.port === (port.targetPort ?? port.port)) ?? (spare.length === 1 ? spare[0] : undefined);
        const { slice, at } = meant ?? { slice: first, at: 0 };
        const mirrored = slice.metadata.labels['endpointslice.kubernetes.io/managed-by'] === MIRRORED;
        const subject: ResourceRef = mirrored
          ? { apiVersion: 'v1', kind: 'Endpoints', ...(namespace === undefined ? {} : { namespace }), name }
          : refOf(slice);
        const field = mirrored ? 'subsets' : meant === undefined ? 'ports' : `ports[${at}].name`;
        const quoted = wanted === '' ? 'without a name' : wanted;
        return [
          {
            subject,
            field,
            affects: [refOf(service)],
            message: `port ${port.port} of Service ${name} (${quoted}) has no endpoints: it has addresses, and their ports are called ${names(there.map((p) => p.name || 'nothing')) || 'nothing'}; the names must be the same`,
            evidence: [
              fieldEvidence(refOf(service), `spec.ports[${i}].name`, quoted),
              fieldEvidence(subject, field, names(there.map((p) => `${p.name || 'no name'}: ${p.port ?? 'any'}`)) || 'no ports'),
            ],
            confidence: 0.95,
            params:
              !mirrored && meant !== undefined && meant.name !== '' && wanted !== ''
                ? { wrong: meant.name, right: wanted }
                : {
                    supply: `give the port in ${subject.kind} ${subject.name} the name that port ${port.port} of Service ${name} has (${quoted})`,
                  },
          },
        ];
      });
    }),
});
