import { createInterface } from 'node:readline/promises';
import { type FixReport, RISKS, RiskSchema } from '../../contract/index.ts';
import { EXIT, Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { follow } from './follow.ts';
import { planWords } from './plan-words.ts';
import { columns, print, progress, show } from './print.ts';
import { personHere } from '../person.ts';
import { type Client, withSession } from './session.ts';
import type { Run } from './verbs.ts';

export const run: Run = (_args, flags) => {
  const maxRisk = RiskSchema.safeParse(flags['maxRisk']);
  if (!maxRisk.success) throw new Refusal({ code: 'bad-input', message: `--max-risk takes one of ${RISKS.join(', ')}.` });
  return withSession(flags, async ({ client }) => {
    const wait = progress(flags);
    const approve = flags['yes'] === true;
    wait.say(approve ? 'finding causes, carrying out plans and verifying them …' : 'finding causes and preparing plans …');
    const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
    const incident = text('incident');
    const typedContext = text('typeContext');
    const [context] = flags.context;
    const report = await client.fix.run({
      namespaces: [...flags.namespace],
      approve,
      maxRisk: maxRisk.data,
      by: personHere(),
      ...(context === undefined ? {} : { context }),
      ...(incident === undefined ? {} : { incident }),
      ...(typedContext === undefined ? {} : { typedContext }),
    });
    wait.done();
    const asked = !approve && flags.output === 'table' && process.stdin.isTTY && process.stdout.isTTY;
    if (asked) return askEach(client, flags, report);
    show(flags, report, () => table(report));
    const failed = report.plans.some((p) => p.outcome !== null && p.outcome !== 'done');
    return failed || (approve && report.plans.length > 0 && !report.plans.some((p) => p.outcome === 'done')) ? EXIT.notApplied : EXIT.ok;
  });
};

function table({ plans }: FixReport): string {
  if (plans.length === 0) return 'There is nothing to fix that a plan could.';
  return columns(
    ['plan', 'decision', 'outcome', 'verified', 'title', 'reason'],
    plans.map((p) => [p.id, p.decision, p.outcome ?? '-', p.verified ? 'yes' : 'no', p.title, p.reason]),
  );
}

/** Shows each plan and asks; anything but y is no. */
async function askEach(client: Client, flags: CommonFlags, { plans }: FixReport): Promise<number> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  let exit: number = EXIT.ok;
  try {
    for (const { id } of plans) {
      const plan = await client.plans.get({ id });
      if (plan.state !== 'awaitingApproval') continue;
      print(`${planWords(flags, plan)}\n`);
      const answer = await reader.question('Approve this plan? [y/N] ').catch(() => '');
      if (answer.trim().toLowerCase() !== 'y') continue;
      await client.plans.decide({ id, hash: plan.hash, decision: 'approved', by: personHere() });
      const settled = await follow(client, flags, id);
      print(`${settled.state}: ${settled.reason ?? ''}\n`);
      if (settled.state !== 'done') exit = EXIT.notApplied;
    }
  } finally {
    reader.close();
  }
  return exit;
}
