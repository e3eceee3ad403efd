import type { ContainerSpec, ProbeSpec } from './pod-spec.ts';
import type { RecordedApp } from './recording.ts';

/** What the kubelet says when it probes a recorded program; undefined where the program answers well, or nothing is probed. */
export function failedProbe(
  probe: 'Readiness' | 'Liveness',
  c: ContainerSpec,
  { port: listens, paths }: RecordedApp,
  podIP: string,
): string | undefined {
  const spec: ProbeSpec | undefined = probe === 'Readiness' ? c.readinessProbe : c.livenessProbe;
  const written = spec?.httpGet?.port ?? spec?.tcpSocket?.port;
  if (spec === undefined || written === undefined) return undefined;
  const port = typeof written === 'number' ? written : c.ports?.find((p) => p.name === written)?.containerPort;
  if (port === undefined) return `${probe} probe errored: couldn't find port: ${String(written)}`;
  const path = spec.httpGet === undefined ? undefined : (spec.httpGet.path ?? '/');
  if (port !== listens) {
    const dial = `dial tcp ${podIP}:${port}: connect: connection refused`;
    return `${probe} probe failed: ${path === undefined ? dial : `Get "http://${podIP}:${port}${path}": ${dial}`}`;
  }
  return path === undefined || paths.includes(path) ? undefined : `${probe} probe failed: HTTP probe failed with statuscode: 404`;
}
