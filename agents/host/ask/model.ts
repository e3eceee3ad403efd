import type { ContextName, QuestionId } from '../../contract/index.ts';
import type { Asked } from '../../core/questions/question.ts';
import { namesIn } from './names.ts';
import type { AskParts, Asker } from './turn.ts';

/** Who waits for a model longer than this reads what is put together without it. */
const LIMIT_MS = 30_000;

/** Who waits for the model, what they are told meanwhile, and the cluster that is spoken of. */
interface Waiting extends Asker {
  readonly doing: string;
  readonly context: ContextName | null;
}

/** What a model says to a question, where there is one and its answer holds to what it was given; else undefined. */
export async function askModel<A>(
  parts: AskParts,
  id: QuestionId,
  make: (names: readonly string[]) => Asked<A> | undefined,
  { doing, context, tell, signal }: Waiting,
): Promise<{ readonly value: A; readonly model: string } | undefined> {
  const { inference } = parts;
  if (!(await inference.hasModelFor(id))) return undefined;
  const asked = make(await namesKnown(parts, context));
  if (asked === undefined) return undefined;
  tell(doing);
  const answered = await inference.ask(asked, { priority: 'person', limitMs: LIMIT_MS, ...(signal === undefined ? {} : { signal }) });
  return answered.ok && answered.value.by !== null ? { value: answered.value.value, model: answered.value.by.model } : undefined;
}

/** Names that an endpoint has no need to know: of contexts, and of what is in the cluster that is spoken of. */
async function namesKnown({ ports: { kube }, orchestrator }: AskParts, context: ContextName | null): Promise<string[]> {
  const { contexts } = await kube.kubeconfig();
  const looked = context === null ? orchestrator.states.live() : [context];
  const objects = (await Promise.all(looked.map((c) => namesIn(kube, c)))).flat();
  const ofContexts = contexts.flatMap((c) => [c.name, ...(c.alias === null ? [] : [c.alias])]);
  return [...new Set([...ofContexts, ...objects.flatMap((o) => [o.name, ...(o.namespace === undefined ? [] : [o.namespace])])])];
}
