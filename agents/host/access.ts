import { z } from 'zod';
import type { AccessRuleRow, AccessSubject, ContextName, Failure, Outcome } from '../contract/index.ts';
import { type AccessQuestion, type Binding, type Role, type Subject, whoCan } from '../core/access.ts';
import { kindNamed } from './cluster/explore/discovery.ts';
import { rightWords } from './cluster/preflight.ts';
import type { Kube } from './ports/kube.ts';
import type { Rehearser } from './ports/writer.ts';

export interface AskedAccess {
  readonly context: ContextName;
  readonly verb: string;
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

type Reader = Pick<Kube, 'get' | 'kinds'>;

/** Whether the user of the context may; the cluster says so. */
export async function canI(asked: AskedAccess, kube: Reader, reader: Pick<Rehearser, 'access'>) {
  const question = await questionOf(asked, kube);
  if (!question.ok) return question;
  const answer = await reader.access(asked.context, given(question.value));
  return answer.ok ? ({ ok: true, value: { right: wordsOf(question.value), ...answer.value } } as const) : answer;
}

/** Everything that user may do in a namespace. */
export async function ownRules(
  context: ContextName,
  namespace: string,
  reader: Pick<Rehearser, 'rules'>,
): Promise<Outcome<{ rules: AccessRuleRow[]; incomplete: string | null }>> {
  const answer = await reader.rules(context, namespace);
  if (!answer.ok) return answer;
  const { rules, complete } = answer.value;
  return {
    ok: true,
    value: {
      rules: rules.map((r) => ({
        verbs: [...r.verbs],
        groups: [...r.apiGroups],
        resources: [...r.resources],
        names: [...r.resourceNames],
      })),
      incomplete: complete ? null : 'The cluster cannot list all of them; there may be more.',
    },
  };
}

/** Who may, by what the cluster's Roles and bindings say; what of them may not be read is said. */
export async function whoMay(
  asked: AskedAccess,
  kube: Reader,
): Promise<Outcome<{ right: string; subjects: AccessSubject[]; incomplete: { what: string; because: string }[] }>> {
  const question = await questionOf(asked, kube);
  if (!question.ok) return question;
  const { namespace } = question.value;
  const within =
    namespace === undefined
      ? []
      : [`/namespaces/${encodeURIComponent(namespace)}/roles`, `/namespaces/${encodeURIComponent(namespace)}/rolebindings`];
  const paths = ['/clusterroles', '/clusterrolebindings', ...within];
  const answers = await Promise.all(paths.map((path) => kube.get(asked.context, `/apis/rbac.authorization.k8s.io/v1${path}`)));
  const [first] = answers;
  if (first !== undefined && answers.every((a) => !a.ok)) return first as Outcome<never>;
  const roles: Role[] = [];
  const bindings: Binding[] = [];
  const incomplete: { what: string; because: string }[] = [];
  for (const [i, answer] of answers.entries()) {
    const what = paths[i]?.split('/').at(-1) ?? '';
    if (!answer.ok) {
      incomplete.push({ what, because: answer.failure.message });
      continue;
    }
    const items = ListSchema.safeParse(answer.value);
    for (const item of items.success ? items.data.items : [])
      if (what.endsWith('bindings')) bindings.push(...bindingOf(item, what === 'rolebindings' ? 'RoleBinding' : 'ClusterRoleBinding'));
      else roles.push(...roleOf(item, what === 'roles' ? 'Role' : 'ClusterRole'));
  }
  const subjects = whoCan(question.value, roles, bindings).map(({ subject, through }) => ({
    kind: subject.kind,
    name: subject.name,
    namespace: subject.namespace ?? null,
    through: through.map(({ binding, role }) => ({
      binding: `${binding.kind}/${binding.name}`,
      role: `${role.kind}/${role.name}`,
      namespace: binding.namespace ?? null,
    })),
  }));
  return { ok: true, value: { right: wordsOf(question.value), subjects, incomplete } };
}

async function questionOf({ context, verb, resource: word, namespace, name }: AskedAccess, kube: Reader): Promise<Outcome<AccessQuestion>> {
  const [plain = '', subresource] = word.split('/');
  const kinds = await kube.kinds(context, false);
  if (!kinds.ok) return kinds;
  const kind = kindNamed(kinds.value.kinds, plain);
  if (kind === undefined)
    return refused('not-found', `Context ${context}: the server has no kind "${plain}".`, 'Use a kind as kubectl api-resources lists it.');
  return {
    ok: true,
    value: {
      verb: verb.toLowerCase(),
      group: kind.apiVersion.includes('/') ? (kind.apiVersion.split('/')[0] ?? '') : '',
      resource: kind.resource,
      subresource,
      // What belongs to the whole cluster is in no namespace.
      namespace: kind.namespaced ? namespace : undefined,
      name,
    },
  };
}

/** Without the fields that are undefined. */
function given({ verb, group, resource, subresource, namespace, name }: AccessQuestion) {
  return {
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
}

const wordsOf = (question: AccessQuestion): string =>
  `${rightWords(given(question))}${question.name === undefined ? '' : `, of ${question.name}`}${question.namespace === undefined ? ', in the whole cluster' : ''}`;

const strings = z
  .array(z.string())
  .nullish()
  .transform((v) => v ?? []);
const RuleSchema = z.object({ verbs: strings, apiGroups: strings, resources: strings, resourceNames: strings });
const ListSchema = z.object({
  items: z
    .array(z.unknown())
    .nullish()
    .transform((v) => v ?? []),
});
const MetaSchema = z.object({ name: z.string(), namespace: z.string().optional() });
const RoleSchema = z.object({
  metadata: MetaSchema,
  rules: z
    .array(RuleSchema)
    .nullish()
    .transform((v) => v ?? []),
});
const BindingSchema = z.object({
  metadata: MetaSchema,
  roleRef: z.object({ kind: z.enum(['Role', 'ClusterRole']), name: z.string() }),
  subjects: z
    .array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() }))
    .nullish()
    .transform((v) => v ?? []),
});

/** One that makes no sense gives no right. */
function roleOf(item: unknown, kind: Role['kind']): Role[] {
  const role = RoleSchema.safeParse(item);
  if (!role.success) return [];
  const { metadata, rules } = role.data;
  return [{ kind, namespace: metadata.namespace, name: metadata.name, rules }];
}

const isSubject = (kind: string): kind is Subject['kind'] => kind === 'User' || kind === 'Group' || kind === 'ServiceAccount';

function bindingOf(item: unknown, kind: Binding['kind']): Binding[] {
  const binding = BindingSchema.safeParse(item);
  if (!binding.success) return [];
  const { metadata, roleRef, subjects } = binding.data;
  const own = subjects.flatMap((s): Subject[] => (isSubject(s.kind) ? [{ kind: s.kind, name: s.name, namespace: s.namespace }] : []));
  return [{ kind, namespace: metadata.namespace, name: metadata.name, role: roleRef, subjects: own }];
}

function refused(code: Failure['code'], message: string, hint?: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, message, ...(hint === undefined ? {} : { hint }) } };
}
