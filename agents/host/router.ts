import type { AppParts } from './app-parts.ts';
import type { Bus } from './bus.ts';
import { accessProcedures } from './procedures/access.ts';
import { agentProcedures } from './procedures/agents.ts';
import { appProcedures } from './procedures/app.ts';
import { askProcedures } from './procedures/ask.ts';
import { auditProcedures } from './procedures/audit.ts';
import { autonomyProcedures } from './procedures/autonomy.ts';
import { changeProcedures } from './procedures/changes.ts';
import { contextProcedures } from './procedures/contexts.ts';
import { diagnosisProcedures } from './procedures/diagnosis.ts';
import { dismissalProcedures } from './procedures/dismissals.ts';
import { editProcedures } from './procedures/edits.ts';
import { eventProcedures } from './procedures/events.ts';
import { explainProcedures } from './procedures/explain.ts';
import { exploreProcedures } from './procedures/explore.ts';
import { helmProcedures } from './procedures/helm.ts';
import { holdProcedures } from './procedures/hold.ts';
import { incidentProcedures } from './procedures/incidents.ts';
import { interactiveProcedures } from './procedures/interactive.ts';
import { knowledgeProcedures } from './procedures/knowledge.ts';
import { logProcedures } from './procedures/logs.ts';
import { maintenanceProcedures } from './procedures/maintenance.ts';
import { mapProcedures } from './procedures/map.ts';
import { modelProcedures } from './procedures/models.ts';
import { metricsProcedures } from './procedures/metrics.ts';
import { os } from './procedures/os.ts';
import { planProcedures } from './procedures/plans.ts';
import { reportProcedures } from './procedures/reports.ts';
import { rowProcedures } from './procedures/rows.ts';
import { runbookProcedures } from './procedures/runbooks.ts';
import { shellProcedures } from './procedures/shell.ts';
import { tokenProcedures } from './procedures/tokens.ts';

/** The table of commands with its handlers, one line a group: a row of the contract without one does not compile. */
export function buildRouter(parts: AppParts, { stream }: Pick<Bus, 'stream'>, startedAt: string) {
  return os.router({
    ...appProcedures(parts, startedAt),
    ...accessProcedures(parts),
    ...agentProcedures(parts),
    ...askProcedures(parts),
    ...auditProcedures(parts),
    ...autonomyProcedures(parts),
    ...changeProcedures(parts),
    ...contextProcedures(parts),
    ...diagnosisProcedures(parts),
    ...dismissalProcedures(parts),
    ...editProcedures(parts),
    ...eventProcedures({ ...parts, stream }),
    ...explainProcedures(parts),
    ...exploreProcedures(parts),
    ...helmProcedures(parts),
    ...holdProcedures(parts),
    ...incidentProcedures(parts),
    ...interactiveProcedures(parts),
    ...knowledgeProcedures(parts),
    ...logProcedures(parts),
    ...maintenanceProcedures(parts),
    ...mapProcedures(parts),
    ...modelProcedures(parts),
    ...metricsProcedures(parts),
    ...planProcedures(parts),
    ...reportProcedures(parts),
    ...rowProcedures(parts),
    ...runbookProcedures(parts),
    ...shellProcedures(parts),
    ...tokenProcedures(parts),
  });
}
