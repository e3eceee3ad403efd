import { type ContextName, type Json, type Outcome, type ResourceRef, refWords } from '../../contract/index.ts';
import type { AccessRules } from '../../core/access-rules.ts';
import { apiPath } from '../actions/served.ts';
import type { AccessReview, WriteRequest, Writer } from '../ports/writer.ts';
import type { WritableTransport } from './transport.ts';

/**
 * The one place from which a cluster is changed. What it sends is said by a `WriteRequest` alone: every change is signed with our field
 * manager and checked strictly against the schema by the server. A rehearsal is the same request with `dryRun=All`.
 */

/** The name under which the server records whose fields these are. */
const FIELD_MANAGER = 'quarterdeck';
const READ_MS = 15_000;
/** Longer than the time limit of admission webhooks (30 s at most), so that the answer is the server's. */
const WRITE_MS = 40_000;

const METHODS = { patch: 'PATCH', create: 'POST', update: 'PUT', delete: 'DELETE' } as const;

type Transport = Pick<WritableTransport, 'request'>;

/** `transportFor` is asked for every request, so that a context that changed its meaning is never written by the old one. */
export function createWriter(transportFor: (context: ContextName) => Promise<Outcome<Transport>>): Writer {
  const send = async (context: ContextName, request: WriteRequest, rehearse: boolean): Promise<Outcome<Json>> => {
    const { target, verb, subresource } = request;
    const path =
      verb === 'create'
        ? apiPath({
            apiVersion: target.apiVersion,
            kind: target.kind,
            ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
            ...(target.resource === undefined ? {} : { resource: target.resource }),
          })
        : apiPath(target, subresource);
    if (path === undefined) return unknownKind(target);
    const transport = await transportFor(context);
    if (!transport.ok) return transport;
    return transport.value.request(METHODS[verb], path, {
      query: {
        ...(rehearse ? { dryRun: 'All' } : {}),
        ...(verb === 'delete' ? {} : { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' }),
      },
      contentType: request.contentType ?? 'application/json',
      timeoutMs: WRITE_MS,
      ...bodyOf(request, rehearse),
    });
  };

  const get = async (context: ContextName, path: string | undefined, ref: ResourceRef, query: Record<string, string> = {}) => {
    if (path === undefined) return unknownKind(ref);
    const transport = await transportFor(context);
    return transport.ok ? transport.value.request('GET', path, { query, timeoutMs: READ_MS }) : transport;
  };

  return {
    access: async (context, review) => {
      const transport = await transportFor(context);
      if (!transport.ok) return transport;
      const answer = await transport.value.request('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        body: accessReview(review),
        timeoutMs: READ_MS,
      });
      return answer.ok ? { ok: true, value: readReview(answer.value) } : answer;
    },
    rules: async (context, namespace) => {
      const transport = await transportFor(context);
      if (!transport.ok) return transport;
      const answer = await transport.value.request('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
        body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
        timeoutMs: READ_MS,
      });
      return answer.ok ? { ok: true, value: readRules(answer.value) } : answer;
    },
    read: (context, ref) => get(context, apiPath(ref), ref),
    list: async (context, ref, labels) => {
      const { name: _name, uid: _uid, ...collection } = ref;
      const labelSelector = Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(',');
      const answer = await get(context, apiPath(collection), ref, labelSelector === '' ? {} : { labelSelector });
      if (!answer.ok) return answer;
      const { items } = (answer.value ?? {}) as { items?: Json };
      return { ok: true, value: Array.isArray(items) ? items : [] };
    },
    dryRun: (context, request) => send(context, request, true),
    write: (context, request) => send(context, request, false),
  };
}

/** A server that finds options in the body of a DELETE does not look at the query: there the rehearsal is said in the body too. */
function bodyOf({ verb, body }: WriteRequest, rehearse: boolean): { body?: Json } {
  if (verb !== 'delete') return body === undefined ? {} : { body };
  const options = { apiVersion: 'v1', kind: 'DeleteOptions', ...(body as { [key: string]: Json } | undefined) };
  return { body: rehearse ? { ...options, dryRun: ['All'] } : options };
}

function accessReview({ verb, group, resource, subresource, namespace, name }: AccessReview): Json {
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: {
      resourceAttributes: {
        verb,
        group,
        resource,
        ...(subresource === undefined ? {} : { subresource }),
        ...(namespace === undefined ? {} : { namespace }),
        ...(name === undefined ? {} : { name }),
      },
    },
  };
}

/** Anything but a plain "allowed" is no. */
function readReview(answer: Json): { allowed: boolean; reason: string } {
  const { status } = (answer ?? {}) as { status?: { allowed?: Json; denied?: Json; reason?: Json; evaluationError?: Json } };
  const said = [status?.reason, status?.evaluationError].filter((s): s is string => typeof s === 'string' && s !== '');
  return { allowed: status?.allowed === true && status.denied !== true, reason: said.join('; ') };
}

/** A rule of which a part cannot be read gives nothing; a list that does not say that it is whole is not. */
function readRules(answer: Json): AccessRules {
  const { status } = (answer ?? {}) as { status?: { resourceRules?: Json; incomplete?: Json; evaluationError?: Json } };
  const texts = (value: Json | undefined): readonly string[] =>
    Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];
  const listed = Array.isArray(status?.resourceRules) ? status.resourceRules : [];
  return {
    rules: listed.map((rule) => {
      const { verbs, apiGroups, resources, resourceNames } = (rule ?? {}) as { [key: string]: Json };
      return { verbs: texts(verbs), apiGroups: texts(apiGroups), resources: texts(resources), resourceNames: texts(resourceNames) };
    }),
    complete: status?.incomplete === false && (status.evaluationError ?? '') === '',
  };
}

function unknownKind(ref: ResourceRef): Outcome<never> {
  return {
    ok: false,
    failure: {
      code: 'invalid',
      message: `Quarterdeck does not know where ${refWords(ref)} (${ref.apiVersion}) is served, so it neither reads nor changes it.`,
    },
  };
}
