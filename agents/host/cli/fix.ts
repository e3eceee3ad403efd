import { createInterface } from 'node:readline/promises';
import { type FixReport, RISKS, RiskSchema } from '../../contract/index.ts';
import { storyOf } from '../../contract/story.ts';
import { personHere } from '../person.ts';
import { EXIT, Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { follow } from './follow.ts';
import { planWords } from './plan-words.ts';
import { columns, plain, print, progress, show } from './print.ts';
import { type Client, withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = (_args, flags) => {
  const maxRisk = RiskSchema.safeParse(flags['maxRisk']);
  if (!maxRisk.success) throw new Refusal({ code: 'bad-input', message: `--max-risk takes one of ${RISKS.join(', ')}.` });
  return withSession(flags, async ({ client }) => {
    const wait = progress(flags);
    const approve = flags['yes'] === true;
    const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
    const incident = text('incident');
    const typedContext = text('typeContext');
    const silence = approve ? tellSteps(client, flags) : () => undefined;
    const plans: FixReport['plans'] = [];
    try {
      for (const context of flags.context.length > 0 ? flags.context : [undefined]) {
        wait.say(`looking for causes in ${context ?? 'the current context'} …`);
        const report = await client.fix.run({
          namespaces: [...flags.namespace],
          approve,
          maxRisk: maxRisk.data,
          by: personHere(),
          ...(context === undefined ? {} : { context }),
          ...(incident === undefined ? {} : { incident }),
          ...(typedContext === undefined ? {} : { typedContext }),
        });
        plans.push(...report.plans);
      }
    } finally {
      wait.done();
      silence();
    }
    const asked = !approve && flags.output === 'table' && process.stdin.isTTY && process.stdout.isTTY;
    if (asked && plans.length > 0) return askEach(client, flags, plans);
    show(flags, { plans }, () => table({ plans }, approve));
    const undone = plans.some((p) => p.outcome !== null && p.outcome !== 'done');
    return undone || (approve && plans.length > 0 && !plans.some((p) => p.outcome === 'done')) ? EXIT.notApplied : EXIT.ok;
  });
};

function table({ plans }: FixReport, approve: boolean): string {
  if (plans.length === 0) return 'There is nothing to fix that a plan could.';
  const rows = columns(
    ['plan', 'decision', 'outcome', 'verified', 'title', 'reason'],
    plans.map((p) => [p.id, p.decision, p.outcome ?? '-', p.verified ? 'yes' : 'no', p.title, p.reason]),
  );
  return approve ? rows : `${rows}\n\nLook at one with quarterdeck plans PLAN. quarterdeck fix --yes carries them out.`;
}

/** On a terminal, each step of the road as it is taken, on stderr. Returns the function that ends it. */
function tellSteps(client: Client, flags: CommonFlags): () => void {
  if (flags.quiet === true || !process.stderr.isTTY) return () => undefined;
  const ended = new AbortController();
  void (async () => {
    for await (const { event } of await client.events.stream({}, { signal: ended.signal }))
      if (/^(plan\.(?!proposed|abandoned)|action\.|approval\.resolved)/.test(event.type))
        process.stderr.write(`\r\u001b[K${plain(storyOf(event))}\n`);
  })().catch(() => undefined);
  return () => ended.abort();
}

/** Shows each plan and asks; anything but y is no. A protected context asks for its name instead. */
async function askEach(client: Client, flags: CommonFlags, plans: FixReport['plans']): Promise<number> {
  const { contexts } = await client.contexts.list({});
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  let exit: number = EXIT.ok;
  try {
    for (const { id } of plans) {
      const plan = await client.plans.get({ id });
      if (plan.state !== 'awaitingApproval') continue;
      print(`${planWords(flags, plan)}\n`);
      const guarded = contexts.some((c) => c.name === plan.context && c.protected);
      const question = guarded ? `Type ${plain(plan.context)} to approve this plan: ` : 'Approve this plan? [y/N] ';
      const answer = (await reader.question(question).catch(() => '')).trim();
      if (guarded ? answer !== plan.context : answer.toLowerCase() !== 'y') continue;
      const typed = guarded ? { typedContext: answer } : {};
      await client.plans.decide({ id, hash: plan.hash, decision: 'approved', by: personHere(), ...typed });
      const settled = await follow(client, flags, id);
      print(`${settled.state}: ${settled.reason ?? ''}\n`);
      if (settled.state !== 'done') exit = EXIT.notApplied;
    }
  } finally {
    reader.close();
  }
  return exit;
}
