import type { ContextName, Json, Outcome, ResourceRef } from '../../contract/index.ts';
import type { AccessRules } from '../../core/access-rules.ts';

/** Clusters, as far as they are changed. */

/** One mutating request, as data. */
export interface WriteRequest {
  readonly verb: 'patch' | 'create' | 'delete' | 'update';
  readonly target: ResourceRef;
  readonly subresource?: 'scale';
  readonly contentType?:
    'application/json-patch+json' | 'application/merge-patch+json' | 'application/strategic-merge-patch+json' | 'application/json';
  readonly body?: Json;
}

export interface AccessReview {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Asks the cluster what would be; changes nothing (`dryRun=All`, SelfSubjectAccessReview, SelfSubjectRulesReview). */
export interface Rehearser {
  access(context: ContextName, review: AccessReview): Promise<Outcome<{ readonly allowed: boolean; readonly reason: string }>>;
  /** All that may be done in a namespace at once; what it does not list may still be allowed where it is not complete. */
  rules(context: ContextName, namespace: string): Promise<Outcome<AccessRules>>;
  /** The whole object as it is now. */
  read(context: ContextName, ref: ResourceRef): Promise<Outcome<Json>>;
  /** The objects of `ref`'s kind and namespace that carry these labels; `ref.name` is not looked at. */
  list(context: ContextName, ref: ResourceRef, labels: Readonly<Record<string, string>>): Promise<Outcome<readonly Json[]>>;
  /** The object as the server says it would become. */
  dryRun(context: ContextName, request: WriteRequest): Promise<Outcome<Json>>;
}

/** The only handle that can change a cluster. Held by host/road/road.ts and nobody else. */
export interface Writer extends Rehearser {
  write(context: ContextName, request: WriteRequest): Promise<Outcome<Json>>;
}
