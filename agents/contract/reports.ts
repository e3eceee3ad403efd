import { z } from 'zod';
import { CodeSchema, ContextNameSchema, SeveritySchema, TimeSchema } from './ids.ts';
import { proc } from './proc.ts';

/** What happened in an incident, told from the log alone: nothing is in a report that an entry does not say. */

export const REPORT_SECTIONS = ['Timeline', 'Cause', 'What suffered', 'Evidence', 'Ruled out', 'Decision', 'Change', 'Result'] as const;

export const ReportLineSchema = z.strictObject({
  /** What the text is, in our words: `message`, `risk`, `field`. */
  says: z.string(),
  /** A value of a cited entry as it stands there, or the sentence that tells the entry. */
  text: z.string(),
  /** What it is about: further values of the cited entries. */
  about: z.array(z.string()),
  /** Numbers of the entries of the log it rests on, ascending. */
  events: z.array(z.number().int().positive()).min(1),
  at: TimeSchema.optional(),
});
export type ReportLine = z.infer<typeof ReportLineSchema>;

export const IncidentReportSchema = z.strictObject({
  incident: z.string(),
  context: ContextNameSchema,
  title: z.string(),
  severity: SeveritySchema,
  code: CodeSchema,
  /** When the log first says so since the incident was last opened; an older beginning may have been removed from the log. */
  openedAt: TimeSchema,
  /** Null while it is open: the report is of the moment it was asked for. */
  resolvedAt: TimeSchema.nullable(),
  /** Those that have lines, in the order of `REPORT_SECTIONS`. */
  sections: z.array(z.strictObject({ title: z.enum(REPORT_SECTIONS), lines: z.array(ReportLineSchema).min(1) })),
  /** The same for people. */
  markdown: z.string(),
});
export type IncidentReport = z.infer<typeof IncidentReportSchema>;

const ReportRowSchema = z.strictObject({
  incident: z.string(),
  context: ContextNameSchema,
  title: z.string(),
  severity: SeveritySchema,
  code: CodeSchema,
  lastSeen: TimeSchema,
});

export const reportCommands = {
  reports: {
    list: proc(
      'GET',
      '/reports',
      'List the incidents that are over and have a report, the latest first',
      z.strictObject({ context: ContextNameSchema.optional() }),
      z.strictObject({ reports: z.array(ReportRowSchema) }),
    ),
    get: proc(
      'GET',
      '/reports/{incident}',
      'What happened in an incident: timeline, cause, evidence, decision, change, result, each line with its entries of the log',
      z.strictObject({ incident: z.string() }),
      IncidentReportSchema,
    ),
  },
};
