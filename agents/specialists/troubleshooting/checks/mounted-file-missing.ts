import type { PodTemplate } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { CONFIG_KINDS, type ConfigKind, keysOf } from '../config-references.ts';
import {
  type ContainerRun,
  type Placed,
  containerWords,
  failedRun,
  fieldEvidence,
  logEvidence,
  placedContainers,
  podsOf,
} from '../containers.ts';
import { failingRuns, lastSaying } from '../failing-runs.ts';
import { type Mounted, mountAt } from '../mounts.ts';
import { names } from '../scheduling-evidence.ts';

type Volume = PodTemplate['spec']['volumes'][number];
interface Files {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly object: string;
  /** It does not exist, and its volume is optional. */
  readonly isAbsent: boolean;
  /** Names of files as they are mounted, each with the place of its `path` where items are written. */
  readonly files: ReadonlyMap<string, number | undefined>;
}

/** The files a volume puts there; undefined where it is no ConfigMap or Secret, is optional and there, or cannot be read. */
function filesOf(ctx: CheckContext<ConfigKind>, volume: Volume, namespace: string): Files | undefined {
  const source = volume.configMap ?? volume.secret;
  if (source === undefined) return undefined;
  const kind = volume.configMap === undefined ? 'Secret' : 'ConfigMap';
  const object = 'secretName' in source ? source.secretName : source.name;
  const keys = keysOf(ctx.view, kind, namespace, object);
  // What is optional and absent is an empty folder; where it is needed, another check tells that it is absent.
  const isAbsent =
    keys === undefined &&
    source.optional === true &&
    ctx.view.complete(kind, namespace) &&
    ctx.view.get(kind, namespace, object) === undefined;
  if (isAbsent) return { kind, object, isAbsent, files: new Map() };
  if (keys === undefined || source.optional === true) return undefined;
  return {
    kind,
    object,
    isAbsent,
    files: new Map(source.items.length > 0 ? source.items.map((item, i) => [item.path, i]) : keys.map((key) => [key, undefined])),
  };
}

/** The path of a file that a program could not find. */
function absentPath(line: string): { readonly path: string } | undefined {
  if (!/no such file or directory|ENOENT|FileNotFound|cannot find the file|does not exist|not found/i.test(line)) return undefined;
  const path = /["'`(\s:=]((?:\/[\w.@+-]+)+)/.exec(` ${line}`)?.[1];
  return path === undefined ? undefined : { path: path.replace(/[.:]+$/, '') };
}

export const mountedFileMissing = defineCheck({
  code: 'CFG-011',
  title: 'A file that is needed is not among those that are mounted',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'a file it needs is not among those mounted',
  doc: `A subPath names a file that the ConfigMap or Secret of its volume does not have: the kubelet then mounts an empty folder. Or the log says that a file was not
found, and its path lies in a folder where a ConfigMap or Secret is mounted that has no such file; or the whole object is absent and its volume optional. The file of the nearest name is most likely the one that is meant.`,
  run: (ctx) => [...wrongSubPaths(ctx), ...absentFiles(ctx)],
});

function wrongSubPaths(ctx: CheckContext<ConfigKind>): FindingDraft[] {
  return placedContainers(ctx).flatMap((placed) => {
    if (placed.spec.volumeMounts.every((m) => m.subPath == null)) return [];
    const bad = placed.runs.filter((r) => failedRun(r) !== undefined || !r.status.ready);
    if (bad.length === 0) return [];
    return placed.spec.volumeMounts.flatMap(({ name, subPath, mountPath }, m): FindingDraft[] => {
      const volume = placed.workload.template.spec.volumes.find((v) => v.name === name);
      if (subPath == null || subPath === '' || volume === undefined) return [];
      const there = filesOf(ctx, volume, placed.workload.namespace);
      if (there === undefined) return [];
      const files = [...there.files.keys()];
      if (files.some((f) => f === subPath || f.startsWith(`${subPath}/`))) {
        ctx.passed(placed.workload.ref, 'every file it mounts by itself exists');
        return [];
      }
      const meant = nearest(subPath, files);
      const field = `${placed.path}.volumeMounts[${m}].subPath`;
      return [
        {
          subject: placed.workload.ref,
          field,
          affects: podsOf(bad),
          message: `${containerWords(placed)} mounts file ${subPath} of ${there.kind} ${there.object} at ${mountPath}, and it has no such file, so there is an empty folder; ${instead(meant, files)}`,
          evidence: evidence(placed, there, field, `subPath: ${subPath}`),
          confidence: 0.93,
          params: {
            container: placed.spec.name,
            wrong: subPath,
            ...(meant === undefined ? {} : { right: meant }),
            supply: `add key ${subPath} to ${there.kind} ${there.object}, or name one of its files in ${field}`,
          },
        },
      ];
    });
  });
}

function absentFiles(ctx: CheckContext<ConfigKind>): FindingDraft[] {
  return lastSaying(failingRuns(ctx), absentPath).flatMap(({ placed, run, line, says: { path } }): FindingDraft[] => {
    const mount = mountAt(placed, path);
    const own = placed.spec.volumeMounts.find((m) => m.mountPath === mount?.mountPath && m.name === mount.volume.name);
    if (mount === undefined || own?.subPath != null) return [];
    const there = filesOf(ctx, mount.volume, placed.workload.namespace);
    const file = path.slice(mount.mountPath.replace(/\/$/, '').length + 1);
    if (there === undefined || file === '' || there.files.has(file)) return [];
    if (there.isAbsent) return [optionalAbsent(placed, run, line, path, mount, there)];
    const files = [...there.files.keys()];
    const meant = nearest(file, files) ?? (files.length === 1 && stem(files[0]) === stem(file) ? files[0] : undefined);
    const item = meant === undefined ? undefined : there.files.get(meant);
    const kind = there.kind === 'ConfigMap' ? 'configMap' : 'secret';
    const at = `${mount.field}.${kind}`;
    const field = item === undefined ? at : `${at}.items[${item}].path`;
    return [
      {
        subject: placed.workload.ref,
        field,
        affects: podsOf(placed.runs.filter((r) => failedRun(r) !== undefined)),
        message: `${containerWords(placed)} opens ${path}, and ${there.kind} ${there.object}, which is mounted at ${mount.mountPath}, has no file ${file}; ${instead(meant, files)}`,
        evidence: [logEvidence(run, line), ...evidence(placed, there, field, `files: ${names(files)}`)],
        confidence: meant === undefined ? 0.75 : 0.92,
        params: {
          container: placed.spec.name,
          ...(item === undefined || meant === undefined ? {} : { wrong: meant, right: file }),
          supply: `have ${there.kind} ${there.object} mounted with a file ${file}: rename its key${meant === undefined ? '' : ` ${meant}`}, or give it that path in items of ${at}`,
        },
      },
    ];
  });
}

/** The pod starts without it, and the program ends for want of it. */
function optionalAbsent(
  placed: Placed,
  run: ContainerRun,
  line: string,
  path: string,
  mount: Mounted,
  { kind, object }: Files,
): FindingDraft {
  const at = `${mount.field}.${kind === 'ConfigMap' ? 'configMap' : 'secret'}`;
  return {
    subject: placed.workload.ref,
    field: `${at}.optional`,
    affects: podsOf(placed.runs.filter((r) => failedRun(r) !== undefined)),
    message: `${containerWords(placed)} opens ${path}, and ${kind} ${object}, which is to be mounted at ${mount.mountPath}, does not exist; it is marked optional, so the pods start without it`,
    evidence: [logEvidence(run, line), fieldEvidence(placed.workload.ref, at, `${kind} ${object}, optional: true`)],
    confidence: 0.92,
    params: {
      wanted: object,
      kind,
      supply: `create ${kind} ${object} in namespace ${placed.workload.namespace} with the file ${path.slice(path.lastIndexOf('/') + 1)}, or name the one that is meant; and leave optional out where the program needs it, so that the kubelet says what is missing`,
    },
  };
}

const stem = (file: string | undefined): string => (file ?? '').replace(/\.[a-z0-9]+$/i, '');
const instead = (meant: string | undefined, files: readonly string[]): string =>
  meant !== undefined ? `did you mean ${meant}?` : `its files are ${files.length === 0 ? 'none' : names(files)}`;

const evidence = ({ workload }: Placed, there: Files, field: string, text: string) => [
  fieldEvidence(workload.ref, field, text),
  fieldEvidence(
    { apiVersion: 'v1', kind: there.kind, namespace: workload.namespace, name: there.object },
    'data',
    `files: ${names([...there.files.keys()])}`,
  ),
];
