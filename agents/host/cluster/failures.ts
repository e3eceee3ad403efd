import type { ErrorCode, Failure } from '../../contract/index.ts';
import { redact } from '../../core/redact.ts';
import { type ApiRequest, requestWords } from './api-request.ts';
import { ProxyFailed } from './proxy-tunnel.ts';

/** Every way in which a cluster can fail us, as a sentence that names the context and the server, with the next step. Never a token. */

export interface Where {
  readonly context: string;
  /** Host and port, without user, path or query. */
  readonly host: string;
}

/** The error codes after which trying the same again later can help without anybody doing anything. */
export function healsByItself(failure: Failure): boolean {
  return failure.code === 'cluster-unreachable' || failure.code === 'cluster-timeout' || failure.code === 'too-many-requests';
}

/** A failure of the connection or the login, so of every request to that cluster alike. */
export function isConnectionFailure(failure: Failure): boolean {
  return failure.code.startsWith('cluster-') && failure.code !== 'cluster-refused';
}

const say = (where: Where, code: ErrorCode, message: string, hint?: string): Failure => ({
  code,
  message: `Context ${where.context}: ${message}`,
  ...(hint === undefined ? {} : { hint }),
});

const UNTRUSTED: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'is signed by an authority the kubeconfig does not name',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'is signed by an authority the kubeconfig does not name',
  UNABLE_TO_GET_ISSUER_CERT: 'is signed by an authority the kubeconfig does not name',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is signed by an authority the kubeconfig does not name',
  CERT_SIGNATURE_FAILURE: 'has a signature that does not match its authority',
  INVALID_CA: 'is signed by something that is no authority',
  CERT_UNTRUSTED: 'is not trusted',
  CERT_REJECTED: 'is rejected',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
};

/** A time limit of ours that ran out; told apart from other aborts. */
export class TimedOut extends Error {
  readonly seconds: number;
  constructor(ms: number) {
    super('timed out');
    this.seconds = ms / 1000;
  }
}

/** What went wrong before there was an answer. `expired` says whose certificate ended and when, where the caller could find out. */
export function failureOfError(where: Where, error: unknown, expired?: string): Failure {
  const { code, text } = errorCode(error);
  const server = `server ${where.host}`;
  if (error instanceof TimedOut)
    return say(
      where,
      'cluster-timeout',
      `${server} did not answer within ${error.seconds} s.`,
      'Check the network, VPN or proxy between you and it, and whether the API server is overloaded.',
    );
  if (error instanceof ProxyFailed) return say(where, 'cluster-unreachable', error.message, error.hint);
  if (code in UNTRUSTED)
    return say(
      where,
      'cluster-untrusted',
      `the certificate of ${server} ${UNTRUSTED[code] ?? ''} (${code}).`,
      code === 'ERR_TLS_CERT_ALTNAME_INVALID'
        ? 'Use a server name the certificate holds, or set tls-server-name in the kubeconfig.'
        : 'Put the right certificate-authority-data into the kubeconfig; have the file issued anew if the cluster was rebuilt.',
    );
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return say(
        where,
        'cluster-certificate-expired',
        expired ?? `the certificate of ${server} has expired.`,
        'Renew it on the cluster (kubeadm certs renew, or its provider), and check the clock of this machine.',
      );
    case 'CERT_NOT_YET_VALID':
      return say(where, 'cluster-untrusted', `the certificate of ${server} is not valid yet.`, 'Check the clock of this machine.');
    case 'ECONNREFUSED':
      return say(
        where,
        'cluster-unreachable',
        `${server} refused the connection: nothing listens there.`,
        'Start the cluster, or correct server: in the kubeconfig.',
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return say(
        where,
        'cluster-unreachable',
        `the name of ${server} cannot be resolved.`,
        'Check the spelling in the kubeconfig, your DNS and your VPN.',
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return say(where, 'cluster-unreachable', `there is no route to ${server}.`, 'Check the network and the VPN.');
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return say(
        where,
        'cluster-timeout',
        `no connection to ${server} within 5 s.`,
        'A firewall may drop the packets: check the network, VPN or proxy between you and it.',
      );
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return say(where, 'cluster-timeout', `${server} stopped answering.`, 'Check the network and the API server.');
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'EPROTO':
      return say(
        where,
        'cluster-untrusted',
        `${server} does not speak TLS.`,
        'Is it an http:// server? Correct server: in the kubeconfig.',
      );
    case 'UND_ERR_ABORTED':
    case 'ABORT_ERR':
      return say(where, 'cancelled', `the request to ${server} was cancelled.`);
  }
  if (/ALERT/.test(code) || /alert/.test(text))
    return say(
      where,
      'cluster-unauthorized',
      `${server} refused the client certificate (${code || 'TLS alert'}).`,
      'Have a new client certificate issued, or log in again.',
    );
  if (/proxy/i.test(text))
    return say(
      where,
      'cluster-unreachable',
      `the proxy would not connect to ${server}.`,
      'Check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY.',
    );
  return say(
    where,
    'cluster-unreachable',
    `the connection to ${server} broke (${code || redact(text).slice(0, 120) || 'unknown error'}).`,
    'Check whether the API server is up and speaks the protocol of the URL.',
  );
}

function errorCode(error: unknown): { code: string; text: string } {
  let text = '';
  for (let e: unknown = error, depth = 0; typeof e === 'object' && e !== null && depth < 5; depth++) {
    const { code, message, cause, errors } = e as { code?: unknown; message?: unknown; cause?: unknown; errors?: unknown };
    if (typeof message === 'string') text ||= message;
    // A bare socket error of undici wraps the reason; "other side closed" has none.
    if (typeof code === 'string' && !(code === 'UND_ERR_SOCKET' && cause !== undefined)) return { code, text };
    const [first] = Array.isArray(errors) ? (errors as unknown[]) : [];
    e = first ?? cause;
  }
  return { code: error instanceof Error && error.name === 'AbortError' ? 'ABORT_ERR' : '', text };
}

/** The fields of a Kubernetes Status we use; anything else in its place reads as absent. */
interface StatusBody {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
}

export function statusBody(text: string): StatusBody {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    const { message, reason, code } = value as Record<string, unknown>;
    return {
      ...(typeof message === 'string' ? { message } : {}),
      ...(typeof reason === 'string' ? { reason } : {}),
      ...(typeof code === 'number' ? { code } : {}),
    };
  } catch {
    return {};
  }
}

const ADMISSION =
  /admission webhook|exceeded quota|violates PodSecurity|ValidatingAdmissionPolicy|failed calling webhook|denied the request/i;

/** What went wrong according to the answer. `status` is the HTTP status or the code of a Status in a watch. */
export function failureOfStatus(where: Where, request: ApiRequest, status: number, body: StatusBody, retryAfter?: number): Failure {
  const words = requestWords(request);
  const said = body.message === undefined ? '' : ` The server says: ${redact(body.message).slice(0, 600)}`;
  const server = `server ${where.host}`;
  if ((status === 403 || status >= 500) && ADMISSION.test(body.message ?? ''))
    return say(
      where,
      'admission-refused',
      `${server} refuses to ${words}.${said}`,
      'Satisfy that rule, or have it changed by whoever owns it.',
    );
  switch (status) {
    case 401:
      return say(
        where,
        'cluster-unauthorized',
        `${server} does not accept the credentials.${said}`,
        'Log in again, or have the user entry of the kubeconfig renewed.',
      );
    case 403:
      return say(where, 'forbidden', `forbidden: needs ${words}.${said}`, `Ask for a role that allows ${words}.`);
    case 404:
    case 410:
      return say(where, 'not-found', `${server} cannot ${words}: there is no such thing.${said}`);
    case 409:
      return say(where, 'conflict', `cannot ${words}: it has changed meanwhile, or exists already.${said}`, 'Read it again and plan anew.');
    case 400:
    case 415:
    case 422:
      return say(where, 'invalid', `${server} does not take the request to ${words} as valid.${said}`);
    case 429:
      return say(
        where,
        'too-many-requests',
        `${server} asks to wait before the next attempt to ${words}.${said}`,
        retryAfter === undefined ? 'Try again in a moment.' : `Try again in ${retryAfter} s.`,
      );
    case 504:
      return say(where, 'cluster-timeout', `${server} ran out of time to ${words}.${said}`, 'Check the load of the API server and etcd.');
  }
  if (status >= 300 && status < 400)
    return say(
      where,
      'cluster-refused',
      `${server} redirects (${status}): it does not seem to be an API server.`,
      'Correct server: in the kubeconfig.',
    );
  return say(where, 'cluster-refused', `${server} answered ${status} to ${words}.${said}`, 'Look at the log of the API server.');
}

/** An answer with status 200 that is not what an API server says. */
export function notAnApiServer(where: Where, what = 'something that is not JSON'): Failure {
  return say(
    where,
    'cluster-refused',
    `server ${where.host} answered with ${what}: it does not seem to be an API server.`,
    'Correct server: in the kubeconfig; a login page of a proxy answers like that too.',
  );
}

/** An answer that is not read to its end, for no use is worth the memory. */
export function answerTooLarge(where: Where, mostBytes: number): Failure {
  return say(where, 'answer-too-large', `server ${where.host} answered with more than ${Math.round(mostBytes / 2 ** 20)} MiB.`);
}
