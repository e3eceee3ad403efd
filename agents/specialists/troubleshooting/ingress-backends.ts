import type { KubeObject } from '../../contract/index.ts';

/** One place where an Ingress names a Service. */
export interface Backend {
  /** `spec.rules[0].http.paths[1].backend.service`. */
  readonly path: string;
  readonly name: string;
  readonly port: { readonly name?: string | undefined; readonly number?: number | undefined } | undefined;
}

/** The Services an Ingress sends to, in the order of the manifest. */
export function backendsOf({ spec }: KubeObject<'Ingress'>): readonly Backend[] {
  const found: Backend[] = [];
  const add = (path: string, service: { readonly name: string; readonly port?: Backend['port'] } | undefined) => {
    if (service !== undefined) found.push({ path, name: service.name, port: service.port });
  };
  add('spec.defaultBackend.service', spec.defaultBackend?.service);
  spec.rules.forEach((rule, r) =>
    rule.http?.paths.forEach((p, i) => add(`spec.rules[${r}].http.paths[${i}].backend.service`, p.backend.service)),
  );
  return found;
}
