import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AccessQuestion, type Binding, type Role, includes, whoCan } from '../../agents/core/access.ts';
import { clusterStatus, up } from '../cluster/cluster.ts';
import { ClusterClient } from './cluster-client.ts';

/** Who can, by our reading of Roles and bindings, held against the authorizer of a real API server: a SubjectAccessReview for each question. */

const QUESTIONS = process.env['QUARTERDECK_COUNTS'] === 'full' ? 2_000 : 200;
const ROUNDS = 5;
const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stderr.write('SKIPPED: the test clusters need root.\n');
const NS = `who-can-${Date.now().toString(36).slice(-5)}`;
const API = 'rbac.authorization.k8s.io/v1';

const some = (...from: string[]) => fc.uniqueArray(fc.constantFrom(...from), { minLength: 1, maxLength: 3 });
const rule = fc.record({
  verbs: some('get', 'list', 'create', 'delete', '*'),
  apiGroups: some('', 'apps', '*'),
  resources: some('pods', 'pods/log', 'deployments', 'deployments/scale', '*', '*/scale', 'secrets'),
  resourceNames: fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, some('a', 'b')),
});
const role = fc.array(rule, { minLength: 1, maxLength: 3 });
const subject = fc.oneof(
  fc.record({ kind: fc.constant('User' as const), name: fc.constantFrom(`${NS}-ann`, `${NS}-bob`), namespace: fc.constant(undefined) }),
  fc.record({
    kind: fc.constant('Group' as const),
    name: fc.constantFrom(`${NS}-crew`, `${NS}-guests`),
    namespace: fc.constant(undefined),
  }),
  fc.record({
    kind: fc.constant('ServiceAccount' as const),
    name: fc.constantFrom('bot', 'cron'),
    namespace: fc.constantFrom(NS, 'default'),
  }),
);
const question = fc.record({
  verb: fc.constantFrom('get', 'list', 'create', 'delete', 'patch'),
  what: fc.constantFrom(
    ['', 'pods'],
    ['', 'pods', 'log'],
    ['apps', 'deployments'],
    ['apps', 'deployments', 'scale'],
    ['', 'secrets'],
    ['batch', 'jobs'],
  ),
  namespace: fc.constantFrom(NS, NS, 'default', undefined),
  name: fc.constantFrom(undefined, undefined, 'a', 'c'),
  who: fc.constantFrom<readonly [string, readonly string[]]>(
    [`${NS}-ann`, []],
    [`${NS}-bob`, [`${NS}-crew`]],
    [`${NS}-eve`, [`${NS}-guests`]],
    [`system:serviceaccount:${NS}:bot`, []],
    ['system:serviceaccount:default:cron', []],
  ),
});

describe.skipIf(!isRoot)('who can, as a real API server sees it', () => {
  let cluster: ClusterClient;
  const made: string[] = [];
  beforeAll(async () => {
    const known = await clusterStatus();
    const { kubeconfig, contexts } = known.ready ? known : await up();
    cluster = new ClusterClient(kubeconfig, contexts[0]);
    await cluster.call('POST', '/api/v1/namespaces', { metadata: { name: NS } });
  });
  afterAll(async () => {
    for (const path of made.toReversed()) await cluster.call('DELETE', path);
    await cluster?.call('DELETE', `/api/v1/namespaces/${NS}`);
    cluster?.close();
  });

  test(`${QUESTIONS} questions about Roles and bindings made at random`, async () => {
    const wrong: unknown[] = [];
    let yes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const [rules, subjects, questions] = [
        fc.sample(role, 4),
        fc.sample(fc.array(subject, { minLength: 1, maxLength: 2 }), 4),
        fc.sample(question, QUESTIONS / ROUNDS),
      ];
      const roles: Role[] = rules.map((r, i) => ({
        kind: i % 2 === 0 ? 'Role' : 'ClusterRole',
        namespace: i % 2 === 0 ? NS : undefined,
        name: `${NS}-${round}-${i}`,
        rules: r,
      }));
      // The last two: a ClusterRole for the whole cluster, and a ClusterRole in the namespace.
      const bindings: Binding[] = subjects.map((s, i) => {
        const kind = i === 1 ? 'ClusterRoleBinding' : 'RoleBinding';
        const to = roles[i] as Role;
        return {
          kind,
          namespace: kind === 'RoleBinding' ? NS : undefined,
          name: `${NS}-${round}-${i}`,
          role: { kind: to.kind, name: to.name },
          subjects: s,
        };
      });
      const put = async (kind: string, namespace: string | undefined, object: object, name: string) => {
        const path = `/apis/${API}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${kind.toLowerCase()}s`;
        await cluster.call('POST', path, { apiVersion: API, kind, metadata: { name }, ...object });
        made.push(`${path}/${name}`);
      };
      for (const r of roles) await put(r.kind, r.namespace, { rules: r.rules }, r.name);
      for (const b of bindings)
        await put(
          b.kind,
          b.namespace,
          {
            roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...b.role },
            subjects: b.subjects.map((s) => ({ ...s, ...(s.kind === 'ServiceAccount' ? {} : { apiGroup: 'rbac.authorization.k8s.io' }) })),
          },
          b.name,
        );
      // Roles are known to the authorizer a moment after they were made.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await Promise.all(
        questions.map(async ({ verb, what: [group = '', resource = '', subresource], namespace, name: asked, who: [user, groups] }) => {
          const name = verb === 'create' ? undefined : asked;
          const q: AccessQuestion = { verb, group, resource, subresource, namespace, name };
          const answer = (await cluster.call('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SubjectAccessReview',
            spec: { user, groups, resourceAttributes: { verb, group, resource, subresource, namespace, name } },
          })) as { status: { allowed: boolean; reason?: string } };
          const ours = includes(whoCan(q, roles, bindings), user, groups);
          if (ours) yes++;
          if (ours !== answer.status.allowed) wrong.push({ q, user, groups, ours, theirs: answer.status });
        }),
      );
      for (const path of made.splice(0).toReversed()) await cluster.call('DELETE', path);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    process.stdout.write(`${QUESTIONS} questions, ${yes} of them yes, ${wrong.length} answered otherwise by the server\n`);
    expect(wrong).toEqual([]);
    expect(yes).toBeGreaterThan(QUESTIONS / 50);
  });
});
