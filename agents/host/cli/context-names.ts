import type { CommonFlags } from './flags.ts';
import type { Client } from './session.ts';

/** The contexts that `--context` means: aliases become names. A name that no kubeconfig has (any more) stays: the log may know it. */
export async function contextNames(client: Client, given: readonly string[]): Promise<readonly string[]> {
  if (given.length === 0) return given;
  const { contexts } = await client.contexts.list({});
  return given.flatMap((word) => {
    if (contexts.some((c) => c.name === word)) return [word];
    const aliased = contexts.filter((c) => c.alias === word).map((c) => c.name);
    return aliased.length === 0 ? [word] : aliased;
  });
}

/** Whether one of these is in a namespace that was asked for; all are where none was. */
export const isWithin = (
  { namespace, allNamespaces }: Pick<CommonFlags, 'namespace' | 'allNamespaces'>,
  places: readonly (string | undefined)[],
): boolean => allNamespaces === true || namespace.length === 0 || places.some((place) => place !== undefined && namespace.includes(place));
