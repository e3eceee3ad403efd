import type { Explanation, LogSummary } from '../../contract/index.ts';
import { explain, namesOf } from '../../core/questions/explain.ts';
import { logLines } from '../../core/questions/log-lines.ts';
import type { Asked } from '../../core/questions/question.ts';
import { summarise } from '../../core/questions/summarise.ts';
import { peopleIn, timelineLines } from '../../core/questions/timeline-lines.ts';
import { plansOf } from '../../core/rank-plans.ts';
import type { AppParts } from '../app-parts.ts';
import { found, must, os } from './os.ts';

/** Incidents and logs in words, by a model that is held to the facts, or by a template. */
export function explainProcedures({ store, inference, reports }: Pick<AppParts, 'store' | 'inference' | 'reports'>) {
  const put = async (asked: Asked<string>, signal: AbortSignal | undefined) =>
    inference.ask(asked, { priority: 'person', ...(signal === undefined ? {} : { signal }) });
  return {
    explain: {
      incident: os.explain.incident.handler(async ({ input, errors, signal }): Promise<Explanation> => {
        const incident = found(await store.incident(input.id), `incident ${input.id}`, errors);
        if (input.of === 'cause') {
          const asked = explain(incident, plansOf(incident.id, await store.plans()), input.for);
          const { value: text, by, refused, tookMs } = must(await put(asked, signal), errors);
          return { incident: incident.id, of: input.of, for: input.for, text, by, refused, tookMs, events: [] };
        }
        const entries = await reports.entriesOf(incident.id);
        const told = timelineLines(entries, input.for);
        const lines = found(told.length === 0 ? undefined : told, `entry about ${incident.id} in the log that is kept`, errors);
        const names = [...namesOf(incident), ...peopleIn(entries), incident.context];
        const asked = summarise({ what: 'timeline', about: incident.id, lines, reader: input.for, names });
        const { value: text, by, refused, tookMs } = must(await put(asked, signal), errors);
        return { incident: incident.id, of: input.of, for: input.for, text, by, refused, tookMs, events: lines.map((l) => l.seq) };
      }),
      log: os.explain.log.handler(async ({ input, errors, signal }): Promise<LogSummary> => {
        const { lines, kinds } = logLines(input.lines, input.for);
        const asked = summarise({ what: 'log', about: null, lines, reader: input.for, names: [] });
        const { value: text, by, refused, tookMs } = must(await put(asked, signal), errors);
        return { for: input.for, text, by, refused, tookMs, lines: input.lines.length, kinds };
      }),
    },
  };
}
