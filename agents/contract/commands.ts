import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { askCommands } from './ask.ts';
import { accessCommands } from './access.ts';
import { auditCommands } from './audit.ts';
import { autonomyCommands } from './autonomy.ts';
import { changesCommands } from './changes.ts';
import { contextCommands } from './contexts.ts';
import { dismissalCommands } from './dismissals.ts';
import { maintenanceCommands } from './maintenances.ts';
import { editCommands } from './edit.ts';
import { helmCommands } from './helm.ts';
import { holdCommands } from './hold.ts';
import { explainCommands } from './explain.ts';
import { exploreCommands } from './explore.ts';
import { knowledgeCommands } from './knowledge.ts';
import { interactiveCommands } from './interactive.ts';
import { mapCommands } from './map.ts';
import { modelsCommands } from './models.ts';
import { surroundingsCommands } from './surroundings.ts';
import { AgentIdSchema, ContextNameSchema, RiskSchema, TimeSchema } from './ids.ts';
import { DiagnosisSchema, IncidentSchema, IncidentWithPlansSchema } from './incident.ts';
import { EnvelopeSchema } from './events.ts';
import { FixReportSchema, LeftFieldSchema, PlanSchema } from './plan.ts';
import { tokenCommands } from './tokens.ts';
import { SimilarIncidentSchema } from './past-incidents.ts';
import { proc, queryInt } from './proc.ts';
import { reportCommands } from './reports.ts';
import { metricsCommands } from './series.ts';
import { signalCommands } from './signals.ts';
import { logCommands } from './log-patterns.ts';
import { rowsCommands } from './rows.ts';
import { runbookCommands } from './runbooks.ts';
import { shellCommands } from './shell.ts';

/** Rows of the answers that are not values of the domain. */
export const AgentRowSchema = z.strictObject({
  id: AgentIdSchema,
  title: z.string(),
  description: z.string(),
  icon: z.string(),
  state: z.enum(['starting', 'running', 'paused', 'restarting', 'gaveUp']),
  checks: z.number().int(),
  remedies: z.number().int(),
  kinds: z.array(z.string()),
  contexts: z.array(ContextNameSchema),
  lastReport: TimeSchema.nullable(),
  /** What it has been asked for and not answered yet, and what it wants to know and has not been told. */
  queue: z.number().int(),
  restarts: z.number().int(),
  lastError: z.string().nullable(),
});
export type AgentRow = z.infer<typeof AgentRowSchema>;

export const DoctorRowSchema = z.strictObject({
  name: z.string(),
  status: z.enum(['ok', 'warn', 'fail']),
  message: z.string(),
  hint: z.string().optional(),
});
export const DoctorReportSchema = z.strictObject({ checks: z.array(DoctorRowSchema), ok: z.boolean() });
export type DoctorReport = z.infer<typeof DoctorReportSchema>;

export const AppInfoSchema = z.strictObject({
  version: z.string(),
  demo: z.boolean(),
  dataDir: z.string(),
  model: z.string().nullable(),
  /** Whose app this is: the name decisions of its page are recorded under. */
  user: z.string(),
  lastEvent: z.number().int(),
  startedAt: TimeSchema,
});
export type AppInfo = z.infer<typeof AppInfoSchema>;

/** `Deployment/checkout`, kind in any of the ways kubectl takes it (deploy, deployments, Deployment). */
const ResourceWordsSchema = z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'expected KIND/NAME, for example deployment/checkout');
/** `open`: those nobody has accepted. */
export const IncidentStateSchema = z.enum(['open', 'dismissed', 'resolved', 'all']);
const empty = z.strictObject({});

/**
 * The one table of commands. The HTTP API, the command line, the OpenAPI document, the renderer and the tests walk it; a missing
 * handler does not compile.
 */
export const contract = {
  app: {
    info: proc('GET', '/app', 'What is running here', empty, AppInfoSchema),
    doctor: proc('GET', '/doctor', 'Check what Quarterdeck needs on this machine', empty, DoctorReportSchema),
  },
  ...askCommands,
  ...accessCommands,
  ...auditCommands,
  ...autonomyCommands,
  ...contextCommands,
  ...changesCommands,
  ...dismissalCommands,
  ...maintenanceCommands,
  ...editCommands,
  ...helmCommands,
  ...holdCommands,
  ...tokenCommands,
  ...explainCommands,
  ...exploreCommands,
  ...interactiveCommands,
  ...knowledgeCommands,
  ...mapCommands,
  ...modelsCommands,
  ...metricsCommands,
  ...surroundingsCommands,
  ...signalCommands,
  ...logCommands,
  ...reportCommands,
  ...rowsCommands,
  ...runbookCommands,
  ...shellCommands,
  diagnosis: {
    run: proc(
      'POST propose',
      '/diagnosis',
      'Find incidents and their causes, with a plan for each that has one',
      z.strictObject({
        context: ContextNameSchema.optional(),
        /** Empty: all namespaces. */
        namespaces: z.array(z.string()).default([]),
        resource: ResourceWordsSchema.optional(),
        /** False: no dry runs, `plans` stays empty. */
        plans: z.boolean().default(true),
      }),
      DiagnosisSchema,
    ),
    ofFiles: proc(
      'POST read',
      '/diagnosis/files',
      'Find incidents in manifests, dumps of a cluster or a support bundle; no cluster is asked',
      z.strictObject({
        files: z
          .array(
            z.strictObject({
              /** What its ending says counts: `.yaml`, `.json`, `.tar.gz`; folders in it tell whose log a log is. */
              name: z.string().min(1).max(500),
              content: z.string(),
              encoding: z.enum(['utf8', 'base64']).default('utf8'),
            }),
          )
          .min(1)
          .max(1_000),
        /** Empty: all namespaces. */
        namespaces: z.array(z.string()).default([]),
        resource: ResourceWordsSchema.optional(),
      }),
      DiagnosisSchema,
    ),
  },
  incidents: {
    list: proc(
      'GET',
      '/incidents',
      'List incidents',
      z.strictObject({ context: ContextNameSchema.optional(), state: IncidentStateSchema.default('open') }),
      z.strictObject({ incidents: z.array(IncidentWithPlansSchema) }),
    ),
    get: proc(
      'GET',
      '/incidents/{id}',
      'One incident',
      z.strictObject({ id: z.string() }),
      IncidentSchema.extend({ plans: z.array(PlanSchema) }),
    ),
    similar: proc(
      'GET',
      '/incidents/{id}/similar',
      'Incidents that are over and were like this one: by cause, kinds and words; earlier times of the same fault first',
      z.strictObject({ id: z.string(), top: queryInt.min(1).max(50).default(10) }),
      z.strictObject({ incidents: z.array(SimilarIncidentSchema) }),
    ),
  },
  plans: {
    list: proc(
      'GET',
      '/plans',
      'List plans; waiting ones first',
      z.strictObject({ context: ContextNameSchema.optional(), state: z.enum(['waiting', 'all']).default('all') }),
      z.strictObject({ plans: z.array(PlanSchema) }),
    ),
    get: proc('GET', '/plans/{id}', 'One plan', z.strictObject({ id: z.string() }), PlanSchema),
    decide: proc(
      'POST decide',
      '/plans/{id}/decide',
      'Approve or reject the plan with this hash',
      z.strictObject({
        id: z.string(),
        /** Of the plan as it was shown. Another hash is refused: what is shown is what runs. */
        hash: z.string(),
        decision: z.enum(['approved', 'rejected']),
        reason: z.string().optional(),
        by: z.string().min(1),
        /** For a protected context: its name, typed by the person. */
        typedContext: z.string().optional(),
      }),
      PlanSchema,
    ),
    undo: proc(
      'POST propose',
      '/plans/{id}/undo',
      'Propose the plan that takes a finished one back; it waits for approval like any other',
      z.strictObject({
        id: z.string(),
        /** Only what nobody has touched since; without it all of it, or nothing. */
        untouched: z.boolean().default(false),
      }),
      PlanSchema,
    ),
    compare: proc(
      'GET',
      '/plans/{id}/compare',
      'What a finished plan changed, field by field: as it was, as the plan left it, and as it is now',
      z.strictObject({ id: z.string() }),
      z.strictObject({ plan: z.string(), fields: z.array(LeftFieldSchema) }),
    ),
    settled: proc(
      'GET',
      '/plans/{id}/settled',
      'Wait until the plan is settled (done, rolled back, failed, …), at most this long',
      z.strictObject({ id: z.string(), timeoutSeconds: queryInt.min(0).max(900).default(300) }),
      PlanSchema,
    ),
  },
  fix: {
    run: proc(
      'POST decide',
      '/fix',
      'Propose plans for open incidents and, with approve, approve those up to maxRisk as the caller and carry them out',
      z.strictObject({
        context: ContextNameSchema.optional(),
        namespaces: z.array(z.string()).default([]),
        incident: z.string().optional(),
        approve: z.boolean().default(false),
        maxRisk: RiskSchema.default('medium'),
        by: z.string().min(1),
        typedContext: z.string().optional(),
      }),
      FixReportSchema,
    ),
  },
  events: {
    list: proc(
      'GET',
      '/events/list',
      'Entries of the event log after a number, oldest first',
      z.strictObject({
        since: queryInt.min(0).default(0),
        limit: queryInt.min(1).max(10_000).default(1000),
        context: ContextNameSchema.optional(),
      }),
      z.strictObject({ events: z.array(EnvelopeSchema), last: z.number().int() }),
    ),
    stream: proc(
      'GET',
      '/events',
      'The event log as it grows; resumes after Last-Event-ID or since',
      z.strictObject({ since: queryInt.min(0).optional() }),
      eventIterator(EnvelopeSchema),
    ),
  },
  agents: {
    list: proc('GET', '/agents', 'List the agents', empty, z.strictObject({ agents: z.array(AgentRowSchema) })),
    pause: proc(
      'POST decide',
      '/agents/{id}/pause',
      'Pause an agent',
      z.strictObject({ id: AgentIdSchema, by: z.string().min(1) }),
      AgentRowSchema,
    ),
    resume: proc(
      'POST decide',
      '/agents/{id}/resume',
      'Resume an agent',
      z.strictObject({ id: AgentIdSchema, by: z.string().min(1) }),
      AgentRowSchema,
    ),
  },
};
export type Contract = typeof contract;
