import type { Envelope, ModelUse } from '../../contract/index.ts';

/** Entries of the log added up by model and kind of question; the one that cost most comes first, then the one that was asked most. */
export function usesIn(entries: Iterable<Envelope>): ModelUse[] {
  const uses = new Map<string, { -readonly [K in keyof ModelUse]: ModelUse[K] }>();
  for (const { event } of entries) {
    if (event.type !== 'model.answered') continue;
    const { model, where, question, outcome, inputTokens, outputTokens, tookMs, cost } = event;
    const key = JSON.stringify([model, where, question]);
    let use = uses.get(key);
    if (use === undefined) {
      use = { model, where, question, shown: 0, refused: 0, failed: 0, inputTokens: 0, outputTokens: 0, tookMs: 0, cost: 0 };
      uses.set(key, use);
    }
    use[outcome] += 1;
    use.inputTokens += inputTokens;
    use.outputTokens += outputTokens;
    use.tookMs += tookMs;
    use.cost += cost;
  }
  return [...uses.values()].sort((a, b) => b.cost - a.cost || asked(b) - asked(a) || (a.question < b.question ? -1 : 1));
}

const asked = ({ shown, refused, failed }: ModelUse): number => shown + refused + failed;
