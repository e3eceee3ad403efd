import type { Envelope, HostEvent, Reader } from '../../contract/index.ts';
import { storyOf } from '../../contract/story.ts';
import type { SummaryLine } from './summarise.ts';

/** How much an entry says of what became of an incident; what is not named here is not told. */
const SAYS: Partial<Record<HostEvent['type'], number>> = {
  'incident.opened': 3,
  'approval.resolved': 3,
  'plan.rollingBack': 3,
  'plan.settled': 3,
  'incident.resolved': 3,
  'incident.dismissed': 3,
  'dismissal.ended': 3,
  'action.failed': 3,
  'action.started': 2,
  'plan.verified': 2,
  'approval.given': 2,
  'plan.proposed': 1,
  'plan.refused': 1,
  'plan.expired': 1,
};
const LEAST: Readonly<Record<Reader, number>> = { operator: 1, developer: 1, manager: 3 };
const MOST = 12;

export interface TimelineLine extends SummaryLine {
  /** Its entry of the log. */
  readonly seq: number;
}

/** What happened, line by line as the log tells it, with what says least left out where it is too much. How it began and how it stands are always said. */
export function timelineLines(entries: readonly Envelope[], reader: Reader): TimelineLine[] {
  const weighed = entries.flatMap(({ seq, at, event }) => {
    const says = SAYS[event.type] ?? 0;
    return says < LEAST[reader] ? [] : [{ seq, says, text: `${at.slice(0, 16).replace('T', ' ')} ${storyOf(event)}` }];
  });
  const kept = new Set(
    [...weighed]
      .sort((a, b) => b.says - a.says || b.seq - a.seq)
      .slice(0, MOST)
      .map((l) => l.seq),
  );
  const [first, last] = [weighed[0]?.seq, weighed.at(-1)?.seq];
  return weighed
    .filter((l) => kept.has(l.seq) || l.seq === first)
    .map(({ seq, text }) => ({ seq, text, required: seq === first || seq === last }));
}

/** People who are named in entries. */
export const peopleIn = (entries: readonly Envelope[]): string[] => [
  ...new Set(entries.flatMap(({ event }) => ('by' in event && typeof event.by === 'string' ? [event.by] : []))),
];
