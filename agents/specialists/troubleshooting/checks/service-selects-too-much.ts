import { type KubeObject, refOf, refWords } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import type { Workload } from '../../../core/workloads.ts';
import { count, names } from '../scheduling-evidence.ts';
import { SERVICE_KINDS, declaredPorts, mayServe, podLabels, probedPorts, selected, selecting } from '../service-pods.ts';
import { listeningSaid } from '../listening.ts';
import { matchesLabels } from '../../../core/selectors.ts';

/** Labels by which authors tell the parts of an application apart, likeliest first. */
const TELLING = ['app.kubernetes.io/component', 'component', 'role', 'tier', 'app.kubernetes.io/name', 'name', 'app', 'k8s-app'];

/** Does it open the port, as far as it declares and is probed? Unknown where it declares nothing. */
function opens(w: Workload, port: number): boolean | undefined {
  const ports = [...declaredPorts(w).map((p) => p.number), ...probedPorts(w)];
  return ports.includes(port) ? true : ports.length > 0 || w.object.kind === 'Job' || w.object.kind === 'CronJob' ? false : undefined;
}

/** A label that all of the first carry with one value and none of the others does. */
function telling(meant: readonly Workload[], strays: readonly Workload[]): { key: string; value: string } | undefined {
  const [first] = meant;
  if (first === undefined) return undefined;
  const own = Object.entries(podLabels(first)).filter(
    ([key, value]) => meant.every((w) => podLabels(w)[key] === value) && strays.every((w) => podLabels(w)[key] !== value),
  );
  const rank = (key: string) => (TELLING.includes(key) ? TELLING.indexOf(key) : TELLING.length);
  const [best] = own.sort((a, b) => rank(a[0]) - rank(b[0]) || (a[0] < b[0] ? -1 : 1));
  return best === undefined ? undefined : { key: best[0], value: best[1] };
}

/** What tells programs apart: the image without its version, and how it is begun. */
const program = (w: Workload): string =>
  JSON.stringify(w.template.spec.containers.map((c) => [(c.image ?? '').replace(/(?<=[^/]):[^/]*$|@.*$/, ''), c.command, c.args]));

export const serviceSelectsTooMuch = defineCheck({
  code: 'SVC-002',
  title: 'A Service selects pods that do not serve it',
  severity: 'high',
  role: 'cause',
  kinds: SERVICE_KINDS,
  hypothesis: 'its selector matches pods that do not serve it',
  doc: `A selector such as part-of=shop matches the pods of every part: some of the requests then reach a program that does not listen
on the port, or is another one. Of another program that declares no port, has no probe and logs no port it listens on, that is only likely. Several workloads that all open the port (blue and green, stable and canary) are as they should be; so
is a port by name, which only pods that declare it get.`,
  run: (ctx) => {
    const { view } = ctx;
    return selecting(view).flatMap((service): FindingDraft[] => {
      const live = (w: Workload): readonly KubeObject<'Pod'>[] =>
        w.pods.filter((p) => mayServe(p) && matchesLabels(service.spec.selector, p.metadata.labels));
      const behind = selected(view, service).filter((w) => live(w).length > 0);
      if (behind.length < 2) return [];
      for (const { port, targetPort, name } of service.spec.ports) {
        const number = targetPort ?? port;
        if (typeof number !== 'number') continue;
        const meant = behind.filter((w) => opens(w, number) === true);
        const known = behind.filter((w) => opens(w, number) === false);
        // Another program that declares no port, is probed at none, and does not say that it listens there.
        const silent = behind.filter(
          (w) => opens(w, number) === undefined && !meant.some((m) => program(m) === program(w)) && listeningSaid(ctx, w)?.length === 0,
        );
        const strays = [...known, ...silent];
        if (meant.length === 0 || strays.length === 0 || meant.length + strays.length < behind.length) continue;
        const label = telling(meant, strays);
        const pods = strays.flatMap(live);
        return [
          {
            subject: refOf(service),
            field: 'spec.selector',
            // The stray pods are well; those who call the Service suffer.
            affects: [],
            message:
              `the selector also matches ${count(pods.length, 'pod')} of ${names(strays.map((w) => refWords(w.ref)))}, which ${strays.length === 1 ? 'does' : 'do'} not listen on port ${number}${silent.length === 0 ? '' : ', as far as is declared, probed and logged'}` +
              `${name === undefined ? '' : ` (${name})`}, so part of the requests fail; only ${names(meant.map((w) => refWords(w.ref)))} ${meant.length === 1 ? 'does' : 'do'}` +
              (label === undefined ? '' : `, which ${label.key}=${label.value} would tell apart`),
            evidence: [
              {
                kind: 'field',
                resource: refOf(service),
                source: 'spec.selector',
                text: Object.entries(service.spec.selector)
                  .map(([k, v]) => `${k}=${v}`)
                  .join(', '),
              },
              ...strays.slice(0, 5).map((w) => ({
                kind: 'field' as const,
                resource: w.ref,
                source: `${w.specPath}.containers`,
                text: `declares ${names(declaredPorts(w).map((p) => String(p.number))) || 'no port'}`,
              })),
            ],
            confidence: silent.length === 0 ? 0.85 : 0.6,
            ...(silent.length === 0 ? {} : { severity: 'medium' as const }),
            params: label === undefined ? {} : { key: label.key, value: label.value },
          },
        ];
      }
      return [];
    });
  },
});
