import type { ServerResponse } from 'node:http';
import { groupOf } from './place.ts';

/** What is sent back: an object, or the `Status` an API server sends in its place, in the server's words. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export function statusBody(code: number, reason: string, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: code < 400 ? 'Success' : 'Failure', message, reason, code };
}

const refusal = (status: number, reason: string, message: string): Answer => ({ status, body: statusBody(status, reason, message) });

export const unauthorized = () => refusal(401, 'Unauthorized', 'Unauthorized');
export const notServed = () => refusal(404, 'NotFound', 'the server could not find the requested resource');
export const notFound = (resource: string, name: string) => refusal(404, 'NotFound', `${groupOf(resource).name} "${name}" not found`);
export const badRequest = (message: string) => refusal(400, 'BadRequest', message);
export const invalid = (message: string) => refusal(422, 'Invalid', message);
export const expired = (message: string) => refusal(410, 'Expired', message);
export const exists = (resource: string, name: string) =>
  refusal(409, 'AlreadyExists', `${groupOf(resource).name} "${name}" already exists`);
export const conflict = (resource: string, name: string, why: string) =>
  refusal(409, 'Conflict', `Operation cannot be fulfilled on ${groupOf(resource).name} "${name}": ${why}`);
export const CHANGED = 'the object has been modified; please apply your changes to the latest version and try again';
export const tooMany = (): Answer => ({
  ...refusal(429, 'TooManyRequests', 'the server is currently unable to handle the request, please try again later'),
  headers: { 'retry-after': '1' },
});

export function forbidden(verb: string, resource: string, namespace: string | undefined): Answer {
  const [plain = ''] = resource.split('/');
  const { group, name } = groupOf(plain);
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return refusal(
    403,
    'Forbidden',
    `${name} is forbidden: User "demo" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`,
  );
}

export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
