import { homedir } from 'node:os';
import { isAbsolute, normalize } from 'node:path';
import { stat } from 'node:fs/promises';
import type { KubeconfigSource, Outcome } from '../../contract/index.ts';
import type { AppParts } from '../app-parts.ts';
import { KubeconfigReader } from '../cluster/kubeconfig.ts';
import { atHome } from '../contexts/marks.ts';

/** Kubeconfig files and folders that are added in the app, and taken out again. The files themselves are only read. */

interface Request {
  readonly path: string;
  readonly by: string;
}

/** Reads the path by itself, and from then on with the others. Fails where it holds no context that can be read. */
export async function addSource({ ports, store, marks }: AppParts, { path, by }: Request): Promise<Outcome<KubeconfigSource>> {
  if (ports.demo)
    return {
      ok: false,
      failure: {
        code: 'bad-input',
        message: 'This is the demo fleet: clusters of your own are not shown beside it.',
        hint: 'Start Quarterdeck without the demo: quarterdeck contexts add PATH, or pass --kubeconfig.',
      },
    };
  const place = absolute(path);
  if (!place.ok) return place;
  const source = await readSource(place.value);
  if (source.contexts === 0)
    return {
      ok: false,
      failure: source.problems[0]?.failure ?? {
        code: 'kubeconfig-missing',
        message: `${place.value} holds no context.`,
        hint: source.folder
          ? 'Name a folder with kubeconfig files in it; folders in it are looked into, deeper ones and hidden files are not.'
          : 'Name the file your cluster gave you.',
      },
    };
  const set = marks.setFile(place.value, true);
  if (!set.ok) return set;
  if (set.value) await store.append([{ type: 'kubeconfig.fileAdded', path: place.value, contexts: source.contexts, by }]);
  // So that whoever asks next sees them.
  await ports.kube.kubeconfig();
  return { ok: true, value: { ...source, changed: set.value } };
}

/** Fails with `not-found` where the path was never added. */
export async function removeSource({ ports, store, marks }: AppParts, { path, by }: Request): Promise<Outcome<KubeconfigSource>> {
  const place = absolute(path);
  if (!place.ok) return place;
  const { added } = await ports.kube.kubeconfig();
  // What is not there any more has no contexts; it can be removed all the same.
  const source = await readSource(place.value);
  const set = marks.setFile(place.value, false);
  if (!set.ok) return set;
  if (!set.value)
    return {
      ok: false,
      failure: {
        code: 'not-found',
        message: `${place.value} is not among the kubeconfigs that were added.`,
        hint: added.length === 0 ? 'None was added: contexts come from $KUBECONFIG or ~/.kube/config.' : `There are: ${added.join(', ')}.`,
      },
    };
  await store.append([{ type: 'kubeconfig.fileRemoved', path: place.value, by }]);
  await ports.kube.kubeconfig();
  return { ok: true, value: { ...source, changed: true, problems: [] } };
}

function absolute(path: string): Outcome<string> {
  const place = atHome(path, homedir());
  // The app and whoever asks may stand in different folders.
  if (isAbsolute(place)) return { ok: true, value: normalize(place).replace(/(?<=.)[/\\]+$/, '') };
  return {
    ok: false,
    failure: { code: 'bad-input', message: `${path} is not a whole path.`, hint: 'Write it from the root: /home/…/config.' },
  };
}

async function readSource(path: string): Promise<KubeconfigSource> {
  const loaded = await new KubeconfigReader({ env: {}, home: '/', kubeconfigPaths: [path] }).read();
  const folder = await stat(path).then(
    (s) => s.isDirectory(),
    () => false,
  );
  return {
    path,
    folder,
    files: new Set(loaded.contexts.map((c) => c.file)).size,
    contexts: loaded.contexts.length,
    changed: false,
    problems: [...loaded.problems],
  };
}
