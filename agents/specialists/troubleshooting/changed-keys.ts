import type { Change } from '../../contract/index.ts';

/** The keys of a ConfigMap or Secret that a change wrote: `data[a.yaml]` where the values are compared, `data.a` where only a field manager is known. */
export const changedKeys = ({ fields }: Change): string[] =>
  fields.flatMap(({ path }) => {
    const [, inBrackets, plain] = /^data(?:\[(.+)\]|\.(.+))$/.exec(path) ?? [];
    return inBrackets ?? plain ?? [];
  });
