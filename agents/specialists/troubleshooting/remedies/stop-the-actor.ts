import { defineRemedy } from '../../../core/agent.ts';

export const stopTheActor = defineRemedy({
  name: 'stop-the-actor',
  codes: ['DEP-003'],
  kinds: ['CronJob'],
  doc: `Suspends the CronJob that keeps undoing a value: nothing of it is lost, and resuming it takes the plan back. Other actors a person must stop.`,
  run: ({ finding, view }) => {
    const { supply, suspend } = finding.params;
    const { namespace, name } = finding.subject;
    const cron = suspend === true ? view.get('CronJob', namespace, name) : undefined;
    if (cron === undefined || cron.spec.suspend === true) return typeof supply === 'string' ? { advice: supply } : undefined;
    return {
      plans: [
        {
          remedy: 'stop-the-actor',
          title: `Suspend CronJob ${name}`,
          because: finding.message,
          actions: [
            {
              type: 'patch',
              target: finding.subject,
              ops: [
                ...(cron.spec.suspend === undefined ? [] : [{ op: 'test' as const, path: '/spec/suspend', value: cron.spec.suspend }]),
                { op: 'add', path: '/spec/suspend', value: true },
              ],
            },
          ],
          verify: ['DEP-003'],
          stableForSeconds: 10,
          atLeastRisk: 'high',
        },
      ],
    };
  },
});
