import type { Outcome } from '../../contract/index.ts';
import type { KubeTarget } from './kubeconfig.ts';

/** What a request carries to say who asks. Kept in memory only: never logged, never sent out of the process. */
export interface Credential {
  /** Tells two answers of one source apart, also between threads. */
  readonly id: string;
  /** A list is sent as repeated lines: that is how groups are told apart. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** Came from something that can give a new one: a plugin, an identity provider or a file. */
  readonly renewable: boolean;
}

/** Where requests get their credential from. */
export interface CredentialSource {
  /** Fails with `cluster-unauthorized`, `cluster-certificate-expired` or `cancelled`, naming user and file or plugin. */
  get(target: KubeTarget): Promise<Outcome<Credential>>;
  /** The server did not accept this credential. True when asking again may give another one. */
  refuse(target: KubeTarget, used: Pick<Credential, 'id' | 'renewable'>): Promise<boolean>;
  accepted(target: KubeTarget): void;
  /** Whether somebody logs in at this moment: no request's time limit should run out meanwhile. */
  isWaiting(target: KubeTarget): boolean;
  /** What else may be the reason where a credential is refused, to be said after it; empty where nothing is known. */
  doubts(target: KubeTarget): string;
}
