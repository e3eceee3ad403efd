import type { ActionSpec, Json } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';

export const createHeadlessService = defineRemedy({
  name: 'create-headless-service',
  codes: ['STS-001'],
  kinds: ['StatefulSet'],
  doc: `Makes the headless Service that a StatefulSet names: everything in it follows from the StatefulSet, its name, its labels and its ports.`,
  run: ({ finding, view }) => {
    const { namespace, name } = finding.subject;
    if (finding.subject.kind === 'Service') return { advice: String(finding.params['supply']) };
    const set = view.get('StatefulSet', namespace, name);
    const selector = set?.spec.selector?.matchLabels ?? {};
    const wanted = set?.spec.serviceName;
    if (set === undefined || wanted === undefined || namespace === undefined || Object.keys(selector).length === 0) return undefined;
    const ports = set.spec.template.spec.containers.flatMap((c) =>
      c.ports.map((p, i) => ({ name: p.name ?? `${c.name}-${i}`.slice(0, 15), port: p.containerPort, protocol: p.protocol ?? 'TCP' })),
    );
    const manifest: { [key: string]: Json } = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: wanted, namespace, labels: { ...set.metadata.labels } },
      spec: { clusterIP: 'None', selector: { ...selector }, ...(ports.length === 0 ? {} : { ports }) },
    };
    const create: ActionSpec = { type: 'create', target: { apiVersion: 'v1', kind: 'Service', namespace, name: wanted }, manifest };
    return {
      plans: [
        {
          remedy: 'create-headless-service',
          title: `Create the headless Service ${wanted} for StatefulSet ${name}`,
          because: finding.message,
          actions: [create],
          verify: ['STS-001'],
          stableForSeconds: 10,
          atLeastRisk: 'low',
        },
      ],
    };
  },
});
