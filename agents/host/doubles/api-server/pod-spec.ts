import type { RawObject } from './objects.ts';

/** The fields of a pod that decide how it is played. Everything else of a recorded pod is kept and not looked at. */
export interface PodSpec {
  readonly nodeName?: string;
  readonly containers: readonly ContainerSpec[];
  readonly volumes?: readonly VolumeSpec[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly {
    readonly name: string;
    readonly valueFrom?: { readonly configMapKeyRef?: KeyRef; readonly secretKeyRef?: KeyRef };
  }[];
  readonly envFrom?: readonly { readonly configMapRef?: NameRef; readonly secretRef?: NameRef }[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly resources?: {
    readonly limits?: Readonly<Record<string, string>>;
    readonly requests?: Readonly<Record<string, string>>;
  };
  readonly readinessProbe?: ProbeSpec;
  readonly livenessProbe?: ProbeSpec;
}

export interface NameRef {
  readonly name: string;
  readonly optional?: boolean;
}
export interface KeyRef extends NameRef {
  readonly key: string;
}
export interface ProbeSpec {
  readonly httpGet?: { readonly path?: string; readonly port: number | string };
  readonly tcpSocket?: { readonly port: number | string };
}
interface VolumeSpec {
  readonly name: string;
  readonly configMap?: NameRef;
  readonly secret?: { readonly secretName: string; readonly optional?: boolean };
}

export const specOf = (pod: RawObject) => pod.spec as unknown as PodSpec;
