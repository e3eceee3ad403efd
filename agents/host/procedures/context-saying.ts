import type { ContextName, Failure, Outcome } from '../../contract/index.ts';
import type { AppParts } from '../app-parts.ts';
import { writeCurrentContext } from '../cluster/kubeconfig-current.ts';
import type { MarkChanges } from '../contexts/marks-edit.ts';
import { chooseContext } from '../diagnosis.ts';
import type { KubeContext } from '../ports/kubeconfig.ts';

/** What people say about a context: marks, and that it is the current one. */

export async function contextNamed(parts: AppParts, name: ContextName): Promise<Outcome<KubeContext>> {
  const chosen = await chooseContext(parts, name);
  if (!chosen.ok) return chosen;
  const { contexts } = await parts.ports.kube.kubeconfig();
  const context = contexts.find((c) => c.name === chosen.value);
  if (context !== undefined) return { ok: true, value: context };
  return { ok: false, failure: { code: 'context-unknown', message: `There is no context ${name} any more.` } };
}

interface MarkRequest extends MarkChanges {
  readonly context: ContextName;
  readonly typedContext?: string | undefined;
  readonly by: string;
}

/** Fails with `confirmation-needed` where a guard is taken away and the name was not typed, `bad-input` where an alias is taken. */
export async function markContext(parts: AppParts, request: MarkRequest): Promise<Outcome<KubeContext>> {
  const { store, marks } = parts;
  const { context: name, typedContext, by, ...changes } = request;
  const named = await contextNamed(parts, name);
  if (!named.ok) return named;
  const context = named.value;
  const { contexts } = await parts.ports.kube.kubeconfig();
  marks.know(contexts);
  const before = marks.of(context);
  const loosened = (changes.protected === false && before.protected) || (changes.readOnly === false && before.readOnly);
  if (loosened && typedContext !== context.name)
    return {
      ok: false,
      failure: {
        code: 'confirmation-needed',
        message: `Taking a guard away from ${context.name} needs its name to be typed.`,
        hint: `Type ${context.name} (--type-context on the command line) and try again.`,
      },
    };
  const taken = typeof changes.alias === 'string' ? aliasTaken(parts, context, changes.alias, contexts) : undefined;
  if (taken !== undefined) return { ok: false, failure: taken };
  const marked = marks.mark(context, changes);
  if (!marked.ok) return marked;
  await store.append([{ type: 'context.marked', context: context.name, marks: marked.value, by }]);
  return { ok: true, value: { ...context, ...marked.value } };
}

function aliasTaken({ marks }: AppParts, context: KubeContext, alias: string, contexts: readonly KubeContext[]): Failure | undefined {
  const hint = 'Choose another alias.';
  if (contexts.some((c) => c.name === alias && c.name !== context.name))
    return { code: 'bad-input', message: `${alias} is the name of another context, and names come first.`, hint };
  const other = marks.withAlias(alias, contexts).find((c) => c.name !== context.name);
  return other === undefined ? undefined : { code: 'bad-input', message: `${alias} is the alias of ${other.name} already.`, hint };
}

/**
 * Writes current-context into the file the context came from. Where a file that is read earlier names another one, that file wins, so it
 * is written there too, as kubectl does. The answer says whether it is the current one now.
 */
export async function useContext(parts: AppParts, name: ContextName, by: string): Promise<Outcome<KubeContext>> {
  const { ports, store, marks } = parts;
  const named = await contextNamed(parts, name);
  if (!named.ok) return named;
  const { file, nameInFile } = named.value;
  const again = async () => (await ports.kube.kubeconfig()).contexts;
  const find = (contexts: readonly KubeContext[]) => contexts.find((c) => c.file === file && c.nameInFile === nameInFile);
  const before = await again();
  const winner = before.find((c) => c.current)?.file;
  const written = writeCurrentContext(file, nameInFile);
  if (!written.ok) return written;
  let now = find(await again());
  const twice = before.some((c) => c.file === winner && c.nameInFile === nameInFile);
  if (now?.current !== true && winner !== undefined && winner !== file && !twice) {
    const first = writeCurrentContext(winner, nameInFile);
    if (!first.ok) return first;
    now = find(await again());
  }
  const context = now ?? named.value;
  await store.append([{ type: 'context.used', context: context.name, file, by }]);
  return { ok: true, value: { ...context, ...marks.of(context) } };
}
