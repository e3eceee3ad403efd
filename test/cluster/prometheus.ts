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
  /** From now on these pods are scraped, at port 8080, and no others. */
  scrape(namespace: string, pods: readonly string[]): void;
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

export async function startPrometheus(instance: Instance, dir: string): Promise<RunningPrometheus> {
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
  // Debian's is built without the discovery of Kubernetes: which pods are scraped is in a file that it reads again when it changes.
  const targets = join(dir, 'targets.json');
  const scrape = (namespace: string, pods: readonly string[]) =>
    writeFileSync(
      targets,
      JSON.stringify(
        pods.map((pod) => ({
          targets: [host],
          labels: { __metrics_path__: `/api/v1/namespaces/${namespace}/pods/${pod}:8080/proxy/metrics`, namespace, pod },
        })),
      ),
    );
  scrape('', []);
  const pods = {
    job_name: 'pods',
    scheme: 'https',
    tls_config,
    file_sd_configs: [{ files: [targets], refresh_interval: '5s' }],
    relabel_configs: [{ source_labels: ['pod'], target_label: 'instance' }],
  };
  const config = {
    global: { scrape_interval: '5s' },
    scrape_configs: [kubelet('cadvisor', '/metrics/cadvisor'), kubelet('kubelet', '/metrics'), pods],
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
    scrape,
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
