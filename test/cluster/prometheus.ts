import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Instance, portsOf } from './instance.ts';
import { NODE, pkiDir } from './pki.ts';

/** Debian's Prometheus on the host, which scrapes the kubelet, and pods where they are asked for, through the first API server. */

export interface RunningPrometheus {
  readonly url: string;
  /** The values a question has now, as Prometheus itself says. */
  ask(query: string): Promise<readonly number[]>;
  close(): void;
}

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

/** `namespace`: one whose pods with the label `app` are scraped at port 8080, too. */
export async function startPrometheus(instance: Instance, dir: string, namespace?: string): Promise<RunningPrometheus> {
  const host = `127.0.0.1:${portsOf(instance).apiserver(0)}`;
  const file = (name: string) => join(pkiDir(instance), name);
  const tls_config = { ca_file: file('ca.crt'), cert_file: file('admin.crt'), key_file: file('admin.key') };
  const kubelet = (job: string, path: string) => ({
    job_name: job,
    scheme: 'https',
    metrics_path: `/api/v1/nodes/${NODE}/proxy${path}`,
    tls_config,
    static_configs: [{ targets: [host] }],
    relabel_configs: [{ target_label: 'instance', replacement: NODE }],
  });
  const pods = (of: string) => ({
    job_name: 'pods',
    scheme: 'https',
    tls_config,
    kubernetes_sd_configs: [{ role: 'pod', api_server: `https://${host}`, tls_config, namespaces: { names: [of] } }],
    relabel_configs: [
      { source_labels: ['__meta_kubernetes_pod_annotation_prometheus_io_scrape'], regex: 'true', action: 'keep' },
      { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
      { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
      {
        source_labels: ['__meta_kubernetes_namespace', '__meta_kubernetes_pod_name'],
        separator: '/pods/',
        target_label: '__metrics_path__',
        replacement: '/api/v1/namespaces/$1:8080/proxy/metrics',
      },
      { target_label: '__address__', replacement: host },
    ],
  });
  const config = {
    global: { scrape_interval: '5s' },
    scrape_configs: [
      kubelet('cadvisor', '/metrics/cadvisor'),
      kubelet('kubelet', '/metrics'),
      ...(namespace === undefined ? [] : [pods(namespace)]),
    ],
  };
  writeFileSync(join(dir, 'prometheus.yml'), stringify(config));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    'prometheus',
    [`--config.file=${join(dir, 'prometheus.yml')}`, `--storage.tsdb.path=${join(dir, 'tsdb')}`, `--web.listen-address=127.0.0.1:${port}`],
    { stdio: 'ignore' },
  );
  child.on('error', () => undefined);
  return {
    url,
    ask: async (query) => {
      const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query }).toString()}`).then(
        (r) => r.json() as Promise<{ data?: { result?: { value: [number, string] }[] } }>,
        () => undefined,
      );
      return (answer?.data?.result ?? []).map((series) => Number(series.value[1]));
    },
    close: () => void child.kill(),
  };
}
