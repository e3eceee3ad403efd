import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Envelope } from '../../contract/index.ts';
import type { IncidentReport } from '../../contract/reports.ts';
import { EntriesOfIncident } from '../../core/report/entries.ts';
import { incidentReport } from '../../core/report/incident-report.ts';
import type { Ports } from '../ports/ports.ts';
import type { WritableStore } from '../ports/store.ts';
import { replaceFile } from '../replace-file.ts';
import { pagesAfter } from '../store/log-pages.ts';

interface ReportPorts extends Pick<Ports, 'dataDir' | 'log'> {
  readonly store: Pick<WritableStore, 'events' | 'plan' | 'incident'>;
}

/** Incident reports: made from the log when asked for, and kept as files of `reports/` in the data directory once an incident is over. */
export class Reports {
  readonly #ports: ReportPorts;

  constructor(ports: ReportPorts) {
    this.#ports = ports;
  }

  /** Undefined where the log says nothing of the incident. */
  async of(incident: string): Promise<IncidentReport | undefined> {
    return incidentReport(await this.entriesOf(incident));
  }

  /** What the log says of an incident since it was last opened, oldest first. Reads all of the log. */
  async entriesOf(incident: string): Promise<readonly Envelope[]> {
    const concerned = new EntriesOfIncident(incident);
    for await (const page of pagesAfter(this.#ports.store, 0)) for (const envelope of page) concerned.take(envelope);
    return concerned.entries;
  }

  /**
   * Writes a report whenever an incident is over, and again when a plan for it settles after that. Ends with the stream. What cannot be
   * written is said in the program's own log; the report can still be asked for.
   */
  async follow(entries: AsyncIterable<Envelope>): Promise<void> {
    for await (const { event } of entries) {
      try {
        if (event.type === 'incident.resolved') await this.#write(event.incident);
        else if (event.type === 'plan.settled') {
          const plan = await this.#ports.store.plan(event.plan);
          const incident = plan === undefined ? undefined : await this.#ports.store.incident(plan.incidentId);
          if (incident?.state === 'resolved') await this.#write(incident.id);
        }
      } catch (error) {
        this.#ports.log(
          'error',
          `the report of an incident could not be written: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }

  async #write(incident: string): Promise<void> {
    const report = await this.of(incident);
    if (report === undefined) return;
    const folder = join(this.#ports.dataDir, 'reports');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    replaceFile(join(folder, `${encodeURIComponent(incident)}.md`), report.markdown, 0o600);
  }
}
