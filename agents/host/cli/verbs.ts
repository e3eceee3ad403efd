import type { Verb } from './verb.ts';
import { AGENTS } from './verbs/agents.ts';
import { ANALYZE } from './verbs/analyze.ts';
import { APPROVE } from './verbs/approve.ts';
import { ASK } from './verbs/ask.ts';
import { AUDIT } from './verbs/audit.ts';
import { AUTONOMY } from './verbs/autonomy.ts';
import { CAN_I } from './verbs/can-i.ts';
import { CHANGES } from './verbs/changes.ts';
import { CONTEXTS } from './verbs/contexts.ts';
import { DIAGNOSE } from './verbs/diagnose.ts';
import { DISMISS } from './verbs/dismiss.ts';
import { DOCTOR } from './verbs/doctor.ts';
import { EVENTS } from './verbs/events.ts';
import { EXEC } from './verbs/exec.ts';
import { EXPLAIN } from './verbs/explain.ts';
import { FIX } from './verbs/fix.ts';
import { GET } from './verbs/get.ts';
import { HELM } from './verbs/helm.ts';
import { HOLD } from './verbs/hold.ts';
import { INCIDENTS } from './verbs/incidents.ts';
import { KNOWLEDGE } from './verbs/knowledge.ts';
import { LOGS } from './verbs/logs.ts';
import { MAINTENANCE } from './verbs/maintenance.ts';
import { METRICS } from './verbs/metrics.ts';
import { MODELS } from './verbs/models.ts';
import { PLANS } from './verbs/plans.ts';
import { PORT_FORWARD } from './verbs/port-forward.ts';
import { REJECT } from './verbs/reject.ts';
import { RELEASE } from './verbs/release.ts';
import { REPORT } from './verbs/report.ts';
import { RUNBOOKS } from './verbs/runbooks.ts';
import { SERVE } from './verbs/serve.ts';
import { TOKENS } from './verbs/tokens.ts';
import { UNDO } from './verbs/undo.ts';
import { WHO_CAN } from './verbs/who-can.ts';

/** In the order of the help. A verb is a file in verbs/, which says what it is, and the file that does it, loaded only when it is used. */
export const VERBS: readonly Verb[] = [
  CONTEXTS,
  DIAGNOSE,
  ASK,
  FIX,
  PLANS,
  APPROVE,
  REJECT,
  UNDO,
  INCIDENTS,
  REPORT,
  RUNBOOKS,
  DISMISS,
  MAINTENANCE,
  AUTONOMY,
  HOLD,
  RELEASE,
  TOKENS,
  EVENTS,
  AUDIT,
  GET,
  LOGS,
  EXEC,
  PORT_FORWARD,
  HELM,
  WHO_CAN,
  CAN_I,
  CHANGES,
  ANALYZE,
  AGENTS,
  DOCTOR,
  KNOWLEDGE,
  MODELS,
  EXPLAIN,
  METRICS,
  SERVE,
];
