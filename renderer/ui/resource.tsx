import type { ResourceRef } from '../../agents/contract/index.ts';
import { CopyButton } from './copy.tsx';

/** An object's name, whole, selectable and copyable: `Deployment shop/checkout`. */
export function Resource({ of: { kind, namespace, name } }: { of: ResourceRef }) {
  const full = namespace === undefined ? name : `${namespace}/${name}`;
  return (
    <span className="resource">
      <span className="kind">{kind}</span>{' '}
      <span className="name" dir="auto">
        {full}
      </span>
      <CopyButton text={full} words={`Copy ${full}`} />
    </span>
  );
}
