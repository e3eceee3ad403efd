import type { Json, JsonPatchOp, PodSpec } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { workloadAt } from '../../../core/workloads.ts';
import { SECURITY_KINDS, type Violation, violations } from '../pod-security.ts';
import { names } from '../scheduling-evidence.ts';
import { changeOrAdvice } from '../template-change.ts';

/** Writes the fixes of one container into its securityContext, guarded by what is there now. */
function opsFor(
  list: 'containers' | 'initContainers',
  i: number,
  spec: PodSpec,
  specPath: string,
  fixes: readonly Violation[],
): JsonPatchOp[] {
  const container = spec[list][i];
  const base = `${specPath}.${list}[${i}].securityContext`;
  const own = container?.securityContext;
  const wanted = fixes.map((v) => ({ key: v.field.split('securityContext.')[1] ?? '', value: v.fix as Json }));
  if (own === undefined) {
    const value: Record<string, Json> = {};
    for (const w of wanted)
      if (w.key === 'capabilities.drop') value['capabilities'] = { drop: w.value };
      else value[w.key] = w.value;
    return [{ op: 'add', path: pointer(base), value }];
  }
  return wanted.flatMap(({ key, value }): JsonPatchOp[] => {
    if (key === 'capabilities.drop') {
      const drop = own.capabilities?.drop ?? [];
      if (own.capabilities === undefined) return [{ op: 'add', path: pointer(`${base}.capabilities`), value: { drop: value } }];
      const path = pointer(`${base}.${key}`);
      if (drop.length === 0) return [{ op: 'add', path, value }];
      return [
        { op: 'test', path, value: [...drop] },
        { op: 'replace', path, value },
      ];
    }
    const had = (own as Readonly<Record<string, unknown>>)[key];
    const path = pointer(`${base}.${key}`);
    if (had === undefined) return [{ op: 'add', path, value }];
    return [
      { op: 'test', path, value: had as Json },
      { op: 'replace', path, value },
    ];
  });
}

export const satisfyPodSecurity = defineRemedy({
  name: 'satisfy-pod-security',
  codes: ['ADM-001'],
  kinds: SECURITY_KINDS,
  doc: `Writes the stricter values the level demands where they take nothing away that is written: no privilege escalation, all
capabilities dropped, not as root, the runtime's seccomp profile. Host paths, host ports, added capabilities and the like are there for a
reason that only a person knows. The level of the namespace is never lowered.`,
  run: ({ finding, view }) => {
    const workload = workloadAt(view, finding.subject);
    if (workload === undefined) return undefined;
    const { spec } = workload.template;
    const broken = violations(spec, String(finding.params['level'] ?? 'restricted'));
    const byHand = broken.filter((v) => v.fix === undefined);
    if (byHand.length > 0 || finding.params['byHand'] === true || broken.length === 0)
      return {
        advice: `Change ${workload.object.kind} ${workload.name} so that it keeps the level: ${
          names(
            (byHand.length > 0 ? byHand : broken).map((v) => v.must),
            8,
          ) || finding.message
        }. Where it cannot do without, it belongs in a namespace that allows it.`,
      };
    const ops = (['initContainers', 'containers'] as const).flatMap((list) =>
      spec[list].flatMap((_, i) => {
        const fixes = broken.filter((v) => v.field.startsWith(`${list}[${i}].`));
        return fixes.length === 0 ? [] : opsFor(list, i, spec, workload.specPath, fixes);
      }),
    );
    const user = broken.some((v) => v.field.endsWith('runAsNonRoot')) && !setsUser(spec);
    return changeOrAdvice(workload, ops, {
      remedy: 'satisfy-pod-security',
      title: `Write what Pod Security demands into ${names([...new Set(broken.flatMap((v) => v.container ?? []))])}`,
      because: `${names(
        broken.map((v) => v.must),
        8,
      )}${user ? '. Where the image runs as root it will not start like this, and needs runAsUser as well' : ''}`,
      verify: ['ADM-001'],
    });
  },
});

const setsUser = (spec: PodSpec) =>
  (spec.securityContext?.runAsUser ?? 0) > 0 ||
  [...spec.containers, ...spec.initContainers].every((c) => (c.securityContext?.runAsUser ?? 0) > 0);
