import type { ControlCase, Question } from './case.ts';
import { HEALTHY_MS, type Played, type Stage, identities } from './played.ts';
import type { Product } from './product.ts';

/** A control must be left alone for this long after everything is as it is meant to be. */
const SILENT_MS = 30_000;

/** Its objects are there: it must be left alone. */
export async function playControl(c: ControlCase, { watcher, product }: Stage, namespace: string): Promise<Played> {
  const settled = await watcher.until(namespace, c.settled, HEALTHY_MS);
  if (settled === undefined) return { id: c.id, failures: ['it never became what it was meant to be'] };
  const before = identities(c, watcher.snapshot(namespace));
  await watcher.holds(namespace, () => true, SILENT_MS);
  const late = product.opened(namespace).filter((o) => o.at >= settled);
  const open = (await product.incidents(namespace)).filter((i) => !late.some((o) => o.incident.id === i.id));
  const said = [...late.map((o) => o.incident), ...open];
  const same = before === identities(c, watcher.snapshot(namespace));
  return {
    id: c.id,
    found: said.length === 0,
    bystanders: same,
    failures: [
      ...said.map((i) => `said ${i.rootCause.code}: ${i.title}`),
      ...(same ? [] : ['an object of the control was changed']),
      ...(await Promise.all((c.asks ?? []).map((question) => lacksAnswer(question, product, namespace)))).flat(),
    ],
  };
}

/** What the answer to a question does not say, or says though it should not. */
async function lacksAnswer(
  { resource, namespaces, refused, says, saysNot = [] }: Question,
  product: Product,
  namespace: string,
): Promise<string[]> {
  const words = `asked about ${resource ?? 'the namespace'}`;
  const body = { namespaces: namespaces ?? [namespace], ...(resource === undefined ? {} : { resource }) };
  const answer = await product.call('POST', '/diagnosis', body).then(
    (diagnosis) => ({ refused: false, text: JSON.stringify(diagnosis) }),
    (error: unknown) => ({ refused: true, text: error instanceof Error ? error.message : String(error) }),
  );
  const inside = (text: string) => answer.text.includes(text.replaceAll('$(NAMESPACE)', namespace));
  return [
    ...(answer.refused === refused ? [] : [`${words}, it ${answer.refused ? 'refused' : 'answered'}: ${answer.text.slice(0, 300)}`]),
    ...says.filter((text) => !inside(text)).map((text) => `${words}, it does not say "${text}": ${answer.text.slice(0, 300)}`),
    ...saysNot.filter(inside).map((text) => `${words}, it says "${text}"`),
  ];
}
