import type { ConsultationAsk } from '../../contract/index.ts';
import type { AskParts } from './turn.ts';

/** Who asks, in the log of consultations. */
const BY = 'ask';

export type Likeness = Omit<ConsultationAsk<'documentation.similarIncidents'>, 'top'>;

/** What is written, the best first. */
export const searchWritten = ({ orchestrator }: AskParts, text: string, top: number) =>
  orchestrator.consultations.ask(BY, null, 'documentation.search', { text, top });

/** What the team has written, the nearest in meaning first, in whatever words. */
export const searchTeam = ({ orchestrator }: AskParts, text: string, top: number) =>
  orchestrator.consultations.ask(BY, null, 'documentation.search', { text, top, teamOnly: true });

/** What was there before, the most alike first. */
export const searchPast = ({ orchestrator }: AskParts, likeness: Likeness, top: number) =>
  orchestrator.consultations.ask(BY, null, 'documentation.similarIncidents', { ...likeness, top });
