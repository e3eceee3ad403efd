import type { Asking } from './ask/asking.ts';
import type { MarkBook } from './contexts/marks-file.ts';
import type { Autonomy } from './autonomy/autonomy.ts';
import type { AutonomyBook } from './autonomy/autonomy-book.ts';
import type { HoldSwitch } from './autonomy/hold.ts';
import type { TokenBook } from './http/tokens.ts';
import type { Inference } from './inference/inference.ts';
import type { Interactive } from './interactive.ts';
import type { IncidentBook } from './incidents/incidents.ts';
import type { Knowledge } from './knowledge/knowledge.ts';
import type { Logs } from './logs/logs.ts';
import type { PastIncidents } from './incidents/past-incidents.ts';
import type { MaintenanceBook } from './incidents/maintenance-book.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Orchestrator } from './crew/orchestrator.ts';
import type { Ports } from './ports/ports.ts';
import type { WritableStore } from './ports/store.ts';
import type { Reports } from './incidents/reports.ts';
import type { Runbooks } from './runbooks/runbooks.ts';
import type { UpdateWatch } from './updates.ts';

/** What the procedures of the app work with. */
export interface AppParts {
  /** Questions in plain words. */
  readonly asking: Asking;
  readonly ports: Ports;
  /** The log that also tells those who listen. */
  readonly store: WritableStore;
  readonly orchestrator: Orchestrator;
  readonly book: IncidentBook;
  /** Where people have said that they work. */
  readonly maintenance: MaintenanceBook;
  /** What people have said about contexts. */
  readonly marks: MarkBook;
  /** The rules that say who decides, and their file. */
  readonly autonomy: Autonomy;
  readonly autonomyBook: AutonomyBook;
  /** The red stop. */
  readonly hold: HoldSwitch;
  /** For programs and other people. */
  readonly tokens: TokenBook;
  /** Shells and tunnels that are open. */
  readonly interactive: Interactive;
  /** The one way to a model. */
  readonly inference: Inference;
  /** What is known beforehand. */
  readonly knowledge: Knowledge;
  /** Metrics of clusters, read while they are watched and kept on this machine. */
  readonly metrics: Metrics;
  readonly logs: Logs;
  /** Every time an incident was there and is over. */
  readonly past: PastIncidents;
  /** What happened in incidents, told from the log. */
  readonly reports: Reports;
  /** What the team has learned from them. */
  readonly runbooks: Runbooks;
  /** Newer versions, where somebody wants to know of them. */
  readonly updates: UpdateWatch;
}
