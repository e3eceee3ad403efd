import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { ErrorCode } from '../../contract/index.ts';

/** Answers of the HTTP carrier that are not a procedure's: plain texts, and errors as RFC 9457 problems with our `code` and `hint`. */

export function text(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}

export function problem(response: ServerResponse, status: number, code: ErrorCode, detail: string, hint?: string): void {
  text(response, status, problemBody(status, code, detail, hint), 'application/problem+json');
}

/** A problem without a type of its own has the phrase of its status for a title: RFC 9457, 4.2.1. */
function problemBody(status: number, code: string, detail: string, hint: string | undefined): string {
  return JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status] ?? code,
    status,
    detail,
    code,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The same response, on which errors of the RPC library become problems. Its successes pass untouched. */
export function asProblem(response: ServerResponse): ServerResponse {
  const end = response.end.bind(response);
  const writeHead = response.writeHead.bind(response);
  let failed = false;
  response.writeHead = ((status: number, ...rest: unknown[]) => {
    failed = status >= 400 && !JSON.stringify(rest.at(-1) ?? null).includes('application/problem+json');
    if (!failed) return (writeHead as (...all: unknown[]) => ServerResponse)(status, ...rest);
    response.statusCode = status;
    return response;
  }) as typeof response.writeHead;
  response.end = ((chunk?: unknown, ...rest: unknown[]) => {
    if (!failed) return (end as (...all: unknown[]) => ServerResponse)(chunk, ...rest);
    const said = typeof chunk === 'string' ? chunk : Buffer.isBuffer(chunk) ? chunk.toString() : '';
    const body = ofLibrary(response.statusCode, said);
    for (const name of ['content-length', 'content-disposition']) response.removeHeader(name);
    writeHead(response.statusCode, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
    return end(body);
  }) as typeof response.end;
  return response;
}

interface Said {
  readonly code?: string;
  readonly message?: string;
  readonly data?: { readonly code?: string; readonly message?: string; readonly hint?: string };
}

/** Our codes for the library's own errors; a procedure's failure brings its code along. */
const CODES: Readonly<Record<string, ErrorCode>> = { BAD_REQUEST: 'bad-input', PAYLOAD_TOO_LARGE: 'bad-input', NOT_FOUND: 'not-found' };

function ofLibrary(status: number, body: string): string {
  let said: Said = {};
  try {
    said = JSON.parse(body) as Said;
  } catch {
    // Not one of the library's errors: the status alone is told.
  }
  const code = said.data?.code ?? CODES[said.code ?? ''] ?? 'internal';
  const detail =
    status >= 500
      ? 'Quarterdeck could not answer. Its log says why.'
      : (said.data?.message ?? said.message ?? 'The request could not be carried out.');
  return problemBody(status, code, detail, said.data?.hint);
}
