import { z } from 'zod';

/** Small value types every other file of the contract is made of. */

/** RFC 3339 in UTC, as `Date.prototype.toISOString` writes it. */
export const TimeSchema = z.iso.datetime();

/** The name by which people select a cluster: a kubeconfig context, or `file/context` where two files repeat a name. */
export const ContextNameSchema = z.string().min(1);
export type ContextName = z.infer<typeof ContextNameSchema>;

/** An agent's id is its folder's name. The set of agents is the registry's, so the contract only knows the form. */
export const AgentIdSchema = z.string().regex(/^[a-z][a-z0-9-]*$/);

/** `POD-004`: stable, never reused for something else. */
export const CodeSchema = z.string().regex(/^[A-Z][A-Z0-9]*-\d{3}$/);
export type Code = z.infer<typeof CodeSchema>;

/** How bad a finding is. Ordered by `SEVERITIES`. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export const SeveritySchema = z.enum(SEVERITIES);
export type Severity = z.infer<typeof SeveritySchema>;

/** How dangerous a plan is. Ordered by `RISKS`. */
export const RISKS = ['low', 'medium', 'high', 'destructive'] as const;
export const RiskSchema = z.enum(RISKS);
export type Risk = z.infer<typeof RiskSchema>;

/** A reference to one object, in the words of Kubernetes. `namespace` is absent for cluster-scoped objects. */
export const ResourceRefSchema = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  uid: z.string().optional(),
  /** Plural, as paths have it, where only the cluster says so: of custom resources. A kind of our own table is served where that says. */
  resource: z.string().optional(),
});
export type ResourceRef = z.infer<typeof ResourceRefSchema>;

/** Without zod beside them, so that the page may use them too. */
export { namespaceOf, refKey, refWords, scopeWords } from './refs.ts';

/** The closed list of what can go wrong on purpose; every error that crosses a boundary carries one of these. */
export const ERROR_CODES = [
  'kubeconfig-missing',
  'kubeconfig-invalid',
  'kubeconfig-unreadable',
  'kubeconfig-unwritable',
  'context-unknown',
  'cluster-unreachable',
  'cluster-timeout',
  'cluster-untrusted',
  'cluster-certificate-expired',
  'cluster-unauthorized',
  'cluster-refused',
  'forbidden',
  'not-found',
  'conflict',
  'invalid',
  'admission-refused',
  'too-many-requests',
  'answer-too-large',
  'plan-unknown',
  'plan-changed',
  'plan-drifted',
  'plan-expired',
  'plan-state',
  'plan-refused',
  'confirmation-needed',
  'held',
  'data-dir-locked',
  'data-dir-unwritable',
  'data-dir-full',
  'store-corrupt',
  'agent-unknown',
  'agent-unavailable',
  'bad-input',
  'model-unavailable',
  'cancelled',
  'internal',
] as const;
export const ErrorCodeSchema = z.enum(ERROR_CODES);
export type ErrorCode = z.infer<typeof ErrorCodeSchema>;

/** An expected failure as a value: `message` is a sentence a user can act on, `hint` the next step. No stack ever. */
export const FailureSchema = z.strictObject({ code: ErrorCodeSchema, message: z.string(), hint: z.string().optional() });
export type Failure = z.infer<typeof FailureSchema>;

/** The two outcomes of an operation that may fail in an expected way. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };
