import type { ResourceRef } from '../../agents/contract/index.ts';

/** An object's name, whole and selectable: `Deployment shop/checkout`. */
export function Resource({ of: { kind, namespace, name } }: { of: ResourceRef }) {
  return (
    <span className="resource">
      <span className="kind">{kind}</span> <span className="name">{namespace === undefined ? name : `${namespace}/${name}`}</span>
    </span>
  );
}
