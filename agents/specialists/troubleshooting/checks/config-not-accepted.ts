import type { ResourceRef } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { field } from '../../../core/paths.ts';
import { tellingPassage } from '../../../core/telling-line.ts';
import { CONFIG_KINDS } from '../config-references.ts';
import { type Placed, containerWords, failedRun, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { failingRuns } from '../failing-runs.ts';
import { mountAt } from '../mounts.ts';
import { saying } from '../saying.ts';

/** What programs say of a text they cannot make sense of: YAML, JSON, TOML, INI, XML, and settings they do not know. */
const NOT_ACCEPTED =
  /\b(?:pars(?:e|ing|er)|syntax|unmarshal\w*|decod(?:e|ing)|deseriali[sz]\w*|malformed|ill-?formed)\b|invalid (?:config\w*|yaml|json|toml|ini|xml|syntax|character|value|setting|option|directive)|(?:config\w*|settings?) (?:file )?(?:is )?(?:invalid|not valid|broken)|unexpected (?:token|character|end of|eof|indent|key)|(?:unknown|unrecogni[sz]ed|unsupported|duplicate) (?:directive|field|key|option|property|setting|section|configuration)|did not find expected|cannot start any token|mapping values are not allowed|bad indentation|(?:load|read|process)\w* (?:the )?config/i;
const BAD =
  /error|fatal|panic|fail|cannot|can't|could not|unable|invalid|unexpected|unknown|unrecogni|unsupported|malformed|duplicate|not allowed|expected|emerg|exception/i;
const notAccepted = (line: string): true | undefined => (NOT_ACCEPTED.test(line) && BAD.test(line) ? true : undefined);

const PATHS = /(?<![\w.])(?:\/[\w.@+-]+)+/g;
/** So many lines around the one that complains may name the file. */
const NEAR = 5;

/** A key of a ConfigMap or Secret, as a file of a container. */
interface Source {
  readonly ref: ResourceRef;
  readonly key: string;
  readonly path: string;
}

/** The key that lies at a path of the container; undefined where that is no file of a ConfigMap or Secret. */
function sourceAt(placed: Placed, path: string): Source | undefined {
  const mount = mountAt(placed, path);
  const config = mount?.volume.configMap ?? mount?.volume.secret;
  if (mount === undefined || config === undefined) return undefined;
  const { subPath } = placed.spec.volumeMounts.find((m) => m.mountPath === mount.mountPath && m.name === mount.volume.name) ?? {};
  const below = path.slice(mount.mountPath.replace(/\/$/, '').length + 1);
  const file = subPath == null || subPath === '' ? below : [subPath, below].filter((part) => part !== '').join('/');
  if (file === '') return undefined;
  const kind = mount.volume.configMap === undefined ? 'Secret' : 'ConfigMap';
  return {
    ref: { apiVersion: 'v1', kind, namespace: placed.workload.namespace, name: 'secretName' in config ? config.secretName : config.name },
    key: config.items.find((item) => item.path === file)?.key ?? file,
    path,
  };
}

export const configNotAccepted = defineCheck({
  code: 'CFG-013',
  title: 'A program does not accept what its ConfigMap or Secret holds',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'it does not accept its configuration file',
  doc: `The program ended with a failure, its log says that it cannot make sense of a text (a syntax error, a setting it does not know), and names a file, there or a few
lines around, that is a key of a mounted ConfigMap or Secret which exists. What must be corrected is that key; the image and the pods are as they should be.`,
  run: (ctx) => {
    const seen = new Set<Placed>();
    return failingRuns(ctx).flatMap(({ placed, run, lines }): FindingDraft[] => {
      const line = saying(lines, notAccepted).at(-1)?.line;
      if (line === undefined || seen.has(placed)) return [];
      const at = lines.findLastIndex((l) => l.trim() === line);
      const around = [line, ...lines.slice(Math.max(0, at - NEAR), at).toReversed(), ...lines.slice(at + 1, at + 1 + NEAR)];
      const source = around.flatMap((l) =>
        [...l.matchAll(PATHS)].flatMap(([path]) => sourceAt(placed, path.replace(/[.:]+$/, '')) ?? []),
      )[0];
      if (source === undefined) return [];
      const { ref, key, path } = source;
      const held = ctx.view.get(ref.kind as 'ConfigMap' | 'Secret', ref.namespace, ref.name);
      if (held === undefined || ![...held.data, ...('binaryData' in held ? held.binaryData : [])].some((k) => k.name === key)) return [];
      seen.add(placed);
      const { workload } = placed;
      return [
        {
          subject: ref,
          field: field('data', key),
          affects: [workload.ref, ...podsOf(placed.runs.filter((r) => failedRun(r) !== undefined))],
          message: `key ${key} is not accepted by ${containerWords(placed)} of ${workload.object.kind} ${workload.name}, which reads it as ${path} and ends: ${line.slice(0, 300)}`,
          evidence: [logEvidence(run, tellingPassage(lines) ?? line), fieldEvidence(workload.ref, `${placed.path}.volumeMounts`, path)],
          confidence: 0.85,
          params: {
            container: placed.spec.name,
            path: placed.path,
            supply: `correct key ${key} of ${ref.kind} ${ref.name} where the log points, at its source if something else writes it, then restart ${workload.object.kind} ${workload.name}`,
          },
        },
      ];
    });
  },
});
