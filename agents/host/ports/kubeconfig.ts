import type { ContextColor, ContextName, Failure } from '../../contract/index.ts';

/** A context of a kubeconfig file; nothing in it says whether the cluster is there. */
export interface KubeContext {
  readonly name: ContextName;
  readonly cluster: string;
  readonly user: string;
  readonly server: string;
  /** The context's default namespace, `default` where it names none. */
  readonly namespace: string;
  readonly file: string;
  readonly current: boolean;
  readonly demo: boolean;
  /** As its own file calls it; differs from `name` where two files repeat one. */
  readonly nameInFile: string;
  readonly protected: boolean;
  /** Where it leads, as a short hash (known/place.ts): what is remembered of a context holds while this stays the same. */
  readonly place: string;
  readonly readOnly: boolean;
  readonly color: ContextColor | null;
  readonly group: string | null;
  readonly alias: string | null;
}

export interface KubeconfigReading {
  readonly contexts: readonly KubeContext[];
  readonly problems: readonly { readonly file: string; readonly failure: Failure }[];
  /** Files and folders that were added in the app, as far as they are read. */
  readonly added: readonly string[];
}
