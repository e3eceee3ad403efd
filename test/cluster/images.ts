import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binOf, cacheRoot, program } from './build.ts';

/** Images without Docker: a tar with manifest.json, a config and one layer, as `ctr images import` takes it. */

interface Entry {
  readonly path: string;
  readonly mode: number;
  readonly body?: Buffer;
  readonly link?: string;
}

/** A POSIX ustar archive. Times are zero, so that the same content gives the same bytes. */
export function tar(entries: readonly Entry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { path, mode, body, link } of entries) {
    const header = Buffer.alloc(512);
    const directory = path.endsWith('/');
    header.write(path, 0);
    header.write(mode.toString(8).padStart(7, '0'), 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write((body?.length ?? 0).toString(8).padStart(11, '0'), 124);
    header.write('00000000000', 136);
    header.write('        ', 148);
    header.write(directory ? '5' : link === undefined ? '0' : '2', 156);
    header.write(link ?? '', 157);
    header.write('ustar\0', 257);
    header.write('00', 263);
    header.write(
      `${header
        .reduce((sum, b) => sum + b, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    blocks.push(header);
    if (body !== undefined) blocks.push(body, Buffer.alloc((512 - (body.length % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const sha = (data: Buffer) => createHash('sha256').update(data).digest('hex');

function image(tags: readonly string[], files: readonly Entry[], entrypoint: readonly string[]): Buffer {
  const layer = tar(files);
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      config: { Entrypoint: entrypoint, Env: ['PATH=/bin'], WorkingDir: '/' },
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha(layer)}`] },
      history: [{ created_by: 'quarterdeck test cluster' }],
    }),
  );
  const name = `${sha(config)}.json`;
  const manifest = Buffer.from(JSON.stringify([{ Config: name, RepoTags: tags, Layers: ['layer.tar'] }]));
  return tar([
    { path: 'manifest.json', mode: 0o644, body: manifest },
    { path: name, mode: 0o644, body: config },
    { path: 'layer.tar', mode: 0o644, body: layer },
  ]);
}

const APPLETS = [
  'sh',
  'sleep',
  'cat',
  'echo',
  'ls',
  'nc',
  'nslookup',
  'httpd',
  'true',
  'false',
  'env',
  'id',
  'touch',
  'mkdir',
  'rm',
  'ps',
  'kill',
  'date',
  'seq',
  'test',
  'grep',
  'head',
  'tail',
];
const base: readonly Entry[] = [
  { path: 'bin/', mode: 0o755 },
  { path: 'etc/', mode: 0o755 },
  { path: 'tmp/', mode: 0o1777 },
  { path: 'etc/passwd', mode: 0o644, body: Buffer.from('root:x:0:0:root:/:/bin/sh\napp:x:1000:1000:app:/:/bin/sh\n') },
];

export const PAUSE = 'registry.k8s.io/pause:quarterdeck';
export const WORKLOAD = 'quarterdeck/workload:1';
export const COREDNS = 'quarterdeck/coredns:1';
export const METRICS = 'quarterdeck/metrics-server:1';

/** The tar files of all images the node needs; made once for each content of the programs. */
export function imageTars(): string[] {
  const binary = (path: string, from: string): Entry => ({ path, mode: 0o755, body: readFileSync(from) });
  const shell = [binary('bin/busybox', '/bin/busybox'), ...APPLETS.map((a) => ({ path: `bin/${a}`, mode: 0o777, link: 'busybox' }))];
  const workload = [...base, binary('bin/workload', program('workload', 'workload')), ...shell];
  const docker = (name: string) => `docker.io/${name}`;
  return [
    ['workload', () => image([docker(WORKLOAD), docker('quarterdeck/workload:2')], workload, ['/bin/workload'])],
    ['pause', () => image([PAUSE], workload, ['/bin/workload', 'pause'])],
    ['coredns', () => image([docker(COREDNS)], [...base, binary('bin/coredns', program('coredns', 'coredns'))], ['/bin/coredns'])],
    [
      'metrics-server',
      () =>
        image(
          [docker(METRICS)],
          [...base, binary('bin/metrics-server', program('metrics-server', 'metrics-server'))],
          ['/bin/metrics-server'],
        ),
    ],
  ].map(([name, make]) => {
    const folder = join(cacheRoot(), 'images');
    mkdirSync(folder, { recursive: true });
    const recipe = createHash('sha256')
      .update(readFileSync(import.meta.filename))
      .update(binOf(name === 'pause' ? 'workload' : (name as string)))
      .digest('hex')
      .slice(0, 12);
    const file = join(folder, `${name as string}-${recipe}.tar`);
    if (!existsSync(file)) {
      writeFileSync(`${file}.partial-${process.pid}`, (make as () => Buffer)());
      renameSync(`${file}.partial-${process.pid}`, file);
    }
    return file;
  });
}
