import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { CONFIG_KINDS } from '../config-references.ts';
import { type Placed, containerWords, failedRun, fieldEvidence, placedContainers, podsOf } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';

/** `$(NAME)`; two dollars stand for one, and no reference. */
const REFERENCE = /(?<!\$)\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g;
/** A shell runs what stands in such brackets: there it may be a command. */
const SHELL = /(?:^|\/)(?:ba|da|a|z|k)?sh$/;

interface Left {
  readonly field: string;
  readonly written: string;
  readonly variable: string;
}

/** References that the kubelet leaves as they are: no variable of the name is defined, or only further down. */
function leftAsWritten({ spec, path }: Placed): readonly Left[] {
  // What a whole ConfigMap or Secret brings, and the variables of Services, cannot be told from the manifest.
  if (spec.envFrom.length > 0 || spec.command.some((word) => SHELL.test(word))) return [];
  const given = spec.env.map((e) => e.name);
  const read = (list: 'command' | 'args') => spec[list].map((text, i) => ({ field: `${path}.${list}[${i}]`, text, known: given }));
  const inEnv = spec.env.map((e, i) => ({ field: `${path}.env[${i}].value`, text: e.value ?? '', known: given.slice(0, i) }));
  return [...read('command'), ...read('args'), ...inEnv].flatMap(({ field, text, known }) =>
    [...text.matchAll(REFERENCE)].flatMap(([written, variable = '']) =>
      known.includes(variable) || OF_SERVICE.test(variable) ? [] : [{ field, written, variable }],
    ),
  );
}
/** Variables that the kubelet makes of Services. */
const OF_SERVICE = /_(?:SERVICE_(?:HOST|PORT\w*)|PORT(?:_\d+_\w+)?)$/;

export const variableLeftAsWritten = defineCheck({
  code: 'CFG-015',
  title: 'A reference to a variable stays as it is written',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'it refers to a variable that is not defined',
  doc: `In command, args and the values of env, $(NAME) is replaced by the variable NAME of the container. Where that is not defined, or in env only further down, the text
stays as it is written, without a word from the kubelet, and the program gets a host or path with a dollar in it. Containers that are well are left alone, and so
are shells, for which brackets are their own.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      const bad = placed.runs.filter((r) => failedRun(r) !== undefined || !r.status.ready);
      const [left] = bad.length === 0 ? [] : leftAsWritten(placed);
      if (left === undefined) return [];
      const given = placed.spec.env.map((e) => e.name);
      const later = given.includes(left.variable);
      const meant = later ? undefined : nearest(left.variable, given);
      return [
        {
          subject: placed.workload.ref,
          field: left.field,
          affects: podsOf(bad),
          message:
            `${left.written} stays as it is written, for ${containerWords(placed)} has ` +
            (later
              ? `the variable ${left.variable} only further down in its env: define it before it is referred to`
              : `no variable ${left.variable}; ${meant === undefined ? (given.length === 0 ? 'it has none' : `its variables are ${names(given)}`) : `it has ${meant}: was ${left.variable} meant?`}`),
          evidence: [fieldEvidence(placed.workload.ref, left.field, left.written)],
          confidence: 0.9,
          params: {
            container: placed.spec.name,
            path: placed.path,
            variable: left.variable,
            ...(meant === undefined ? {} : { meant }),
          },
        },
      ];
    }),
});
