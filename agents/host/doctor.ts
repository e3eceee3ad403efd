import { access, constants, statfs } from 'node:fs/promises';
import type { DoctorReport } from '../contract/index.ts';
import { modelHere } from './inference/inference.ts';
import type { Ports } from './ports/ports.ts';

type Row = DoctorReport['checks'][number];

/** Below this much free disk the log may not be kept for long. */
const LITTLE_DISK_BYTES = 200 * 2 ** 20;

/** Checks what Quarterdeck needs on this machine. Makes no connection to any cluster. */
export async function examineMachine(ports: Ports): Promise<DoctorReport> {
  const checks: Row[] = [
    node(),
    await dataDir(ports.dataDir),
    await kubeconfig(ports),
    store(await ports.store.lastSeq()),
    secrets(ports),
    await model(ports),
  ];
  return { checks, ok: checks.every((c) => c.status !== 'fail') };
}

function node(): Row {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fine = major > 22 || (major === 22 && minor >= 14);
  return fine
    ? { name: 'Node', status: 'ok', message: `Node ${process.versions.node}` }
    : {
        name: 'Node',
        status: 'fail',
        message: `Node ${process.versions.node} is too old`,
        hint: 'Run npm ci again: the package brings its own Node 24.',
      };
}

async function dataDir(dir: string): Promise<Row> {
  try {
    await access(dir, constants.W_OK);
    const { bavail, bsize } = await statfs(dir);
    const free = bavail * bsize;
    const words = `${dir}, ${Math.round(free / 2 ** 20)} MiB free`;
    return free < LITTLE_DISK_BYTES
      ? { name: 'Data directory', status: 'warn', message: words, hint: 'Free some disk space, or choose another place with --data-dir.' }
      : { name: 'Data directory', status: 'ok', message: words };
  } catch (error) {
    return {
      name: 'Data directory',
      status: 'fail',
      message: `${dir} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'Choose another place with --data-dir.',
    };
  }
}

async function kubeconfig(ports: Ports): Promise<Row> {
  const { contexts, problems } = await ports.kube.kubeconfig();
  const files = new Set(contexts.map((c) => c.file)).size;
  if (problems[0] !== undefined) {
    const { file, failure } = problems[0];
    return {
      name: 'Kubeconfig',
      status: contexts.length > 0 ? 'warn' : 'fail',
      message: `${file}: ${failure.message}`,
      ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    };
  }
  if (contexts.length === 0)
    return {
      name: 'Kubeconfig',
      status: 'warn',
      message: 'no context is configured',
      hint: 'Set KUBECONFIG, or start the demo fleet with npm start.',
    };
  return {
    name: 'Kubeconfig',
    status: 'ok',
    message: `${contexts.length} ${contexts.length === 1 ? 'context' : 'contexts'} in ${files} ${files === 1 ? 'file' : 'files'}${ports.demo ? ' (demo fleet)' : ''}`,
  };
}

function store(last: number): Row {
  return { name: 'Event log', status: 'ok', message: `${last} entries` };
}

function secrets({ keychain }: Ports): Row {
  return {
    name: 'Secrets',
    status: 'ok',
    message: keychain.keeps === 'system' ? 'in the keychain of this desktop' : 'in files that only this user may read',
  };
}

async function model({ model: port }: Ports): Promise<Row> {
  const here = await modelHere(port);
  return here === null
    ? { name: 'Language model', status: 'ok', message: 'none: explanations are worded by template' }
    : { name: 'Language model', status: 'ok', message: `${here.name} (${here.where})` };
}
