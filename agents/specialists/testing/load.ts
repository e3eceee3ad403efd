import { parseAllDocuments } from 'yaml';
import { isKind, project } from '../../contract/index.ts';
import { ObjectStore } from '../../core/view.ts';

/** A store of the objects in a YAML text, projected as the kube worker does it. For tests. */
export function storeFromYaml(text: string, context = 'test'): ObjectStore {
  const raw = parseAllDocuments(text).flatMap((document) => {
    const value = document.toJS() as { kind: string } | null;
    return value === null ? [] : [value];
  });
  return new ObjectStore(
    context,
    raw.flatMap((object) => (isKind(object.kind) ? [project(object.kind, object)] : [])),
  );
}
