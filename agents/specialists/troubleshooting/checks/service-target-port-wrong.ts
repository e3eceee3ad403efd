import { type Evidence, refOf, refWords } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import type { Workload } from '../../../core/workloads.ts';
import { listeningSaid } from '../listening.ts';
import { names } from '../scheduling-evidence.ts';
import {
  type OpenPort,
  SERVICE_KINDS,
  type Service,
  type ServiceKind,
  declaredPorts,
  mayServe,
  probedPorts,
  readyPods,
  selected,
  selecting,
} from '../service-pods.ts';

type ServicePort = Service['spec']['ports'][number];

const portWords = (p: OpenPort) => (p.name === undefined ? String(p.number) : `${p.number} (${p.name})`);

/** The port that was meant: of a near name, with the number of the Service's own port, or the only one. */
function meantPort(wanted: string | number, port: ServicePort, ports: readonly OpenPort[]): OpenPort | undefined {
  const fitting = ports.filter((p) => p.protocol === (port.protocol ?? 'TCP'));
  if (typeof wanted === 'string') {
    const near = nearest(
      wanted,
      fitting.flatMap((p) => p.name ?? []),
    );
    if (near !== undefined) return fitting.find((p) => p.name === near);
  }
  const numbers = new Set(fitting.map((p) => p.number));
  if (numbers.size === 1) return fitting[0];
  return fitting.find((p) => p.number === port.port) ?? fitting.find((p) => p.name !== undefined && p.name === port.name);
}

/** What is said of a wrong port, once it is known to be wrong. */
function draft(
  service: Service,
  index: number,
  workload: Workload,
  message: string,
  evidence: readonly Evidence[],
  confidence: number,
  right: string | number | undefined,
): FindingDraft {
  const port = service.spec.ports[index];
  const wrong = port?.targetPort ?? port?.port ?? 0;
  const field = `spec.ports[${index}].targetPort`;
  return {
    subject: refOf(service),
    field,
    // Its pods are well; those who call it suffer.
    affects: [],
    message,
    evidence: [
      { kind: 'field', resource: refOf(service), source: field, text: `targetPort: ${wrong}` },
      {
        kind: 'field',
        resource: workload.ref,
        source: `${workload.specPath}.containers`,
        text: `declares ${names(declaredPorts(workload).map(portWords)) || 'no port'}`,
      },
      ...evidence,
    ],
    confidence,
    params: { index, written: port?.targetPort !== undefined, wrong, ...(right === undefined ? {} : { right }) },
  };
}

export const serviceTargetPortWrong = defineCheck({
  code: 'SVC-003',
  title: 'A Service sends to a port nobody listens on',
  severity: 'high',
  role: 'cause',
  kinds: SERVICE_KINDS,
  hypothesis: 'its targetPort is one that nobody listens on',
  doc: `A targetPort by name must be a port name that a container declares (with the same protocol), else the pods are no endpoints for
it. A targetPort by number reaches whatever listens there: a number that no container declares is wrong where a ready pod's readiness
port or the program's own log ("listening on") says otherwise, or where exactly other ports are declared.`,
  run: (ctx) =>
    selecting(ctx.view).flatMap((service) => {
      const behind = selected(ctx.view, service).filter((w) => w.currentPods.some(mayServe));
      const [first] = behind;
      if (first === undefined) return [];
      return service.spec.ports.flatMap((port, i) => {
        const wanted = port.targetPort ?? port.port;
        return typeof wanted === 'string' ? byName(service, i, wanted, port, behind) : byNumber(ctx, service, i, wanted, port, behind);
      });
    }),
});

function byName(service: Service, i: number, wanted: string, port: ServicePort, behind: readonly Workload[]): FindingDraft[] {
  const protocol = port.protocol ?? 'TCP';
  if (behind.some((w) => declaredPorts(w).some((p) => p.name === wanted && p.protocol === protocol))) return [];
  const workload = behind[0];
  if (workload === undefined) return [];
  const ports = declaredPorts(workload);
  const other = ports.find((p) => p.name === wanted);
  const meant = meantPort(wanted, port, ports);
  const have =
    other !== undefined
      ? `the port of that name is ${other.protocol}, not ${protocol}`
      : ports.length === 0
        ? 'its containers declare no port'
        : `its ports are ${names(ports.map(portWords))}`;
  return [
    draft(
      service,
      i,
      workload,
      `targetPort ${wanted} is no port name of ${refWords(workload.ref)}, so port ${port.port} has no endpoints; ${have}`,
      [],
      0.97,
      meant?.name ?? meant?.number,
    ),
  ];
}

function byNumber(
  ctx: CheckContext<ServiceKind>,
  service: Service,
  i: number,
  wanted: number,
  port: ServicePort,
  behind: readonly Workload[],
): FindingDraft[] {
  const known = (w: Workload) => [...declaredPorts(w).map((p) => p.number), ...probedPorts(w)];
  if (behind.some((w) => known(w).includes(wanted)) || (port.protocol ?? 'TCP') !== 'TCP') return [];
  const [workload] = behind;
  if (workload === undefined || workload.template.spec.hostNetwork === true) return [];
  const said = listeningSaid(ctx, workload);
  if (said === undefined || said.some((s) => s.port === wanted)) return [];
  const declared = declaredPorts(workload);
  const ready = readyPods(workload)[0];
  const readiness = probedPorts(workload);
  const proven: Evidence[] = said.map((s) => ({
    kind: 'log',
    resource: ready === undefined ? workload.ref : refOf(ready),
    source: s.container,
    text: s.line,
  }));
  if (ready !== undefined && readiness.length > 0)
    proven.push({
      kind: 'field',
      resource: refOf(ready),
      source: 'status.conditions[Ready]',
      text: `ready: its probe on port ${readiness.join(', ')} is answered`,
    });
  const heard = new Set([...said.map((s) => s.port), ...(ready === undefined ? [] : readiness)]);
  if (declared.length === 0 && heard.size === 0) return [];
  const meant = meantPort(wanted, port, declared)?.number ?? (heard.size === 1 ? [...heard][0] : undefined);
  const words = declared.length > 0 ? `it declares ${names(declared.map(portWords))}` : `it listens on ${names([...heard].map(String))}`;
  const confidence = heard.size > 0 && declared.length > 0 ? 0.95 : heard.size > 0 ? 0.85 : 0.75;
  return [
    draft(
      service,
      i,
      workload,
      `targetPort ${wanted} is a port that ${refWords(workload.ref)} does not listen on, so connections to port ${port.port} are refused; ${words}`,
      proven,
      confidence,
      meant,
    ),
  ];
}
