import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Envelope, HostEvent, Outcome, PastIncident } from '../../contract/index.ts';
import { type Runbook, RunbookProposalSchema, type RunbookVersion, RunbookVersionSchema } from '../../contract/runbooks.ts';
import type { Agent } from '../../core/agent.ts';
import { textDiff } from '../../core/report/text-diff.ts';
import { amendedRunbook } from '../../core/report/runbook.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { PastIncidents } from '../incidents/past-incidents.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { ReadableStore } from '../ports/store.ts';
import { replaceFile } from '../replace-file.ts';

const RecordSchema = z.object({
  versions: z.array(RunbookVersionSchema),
  proposal: RunbookProposalSchema.nullable(),
  /** Times of incidents whose lesson was turned down: it is not proposed again. */
  rejected: z.array(z.string()),
});
type Record = z.infer<typeof RecordSchema>;
const NOTHING: Record = { versions: [], proposal: null, rejected: [] };
const CODE = /^[A-Z][A-Z0-9]*-\d{3}$/;
/** The source of knowledge that accepted runbooks are. */
const SOURCE = 'team-runbooks';

interface Parts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly agents: readonly Agent[];
  readonly past: Pick<PastIncidents, 'all'>;
  readonly store: Pick<ReadableStore, 'plans'>;
  readonly knowledge: Pick<Knowledge, 'add'>;
  readonly append: (event: HostEvent) => Promise<void>;
}

/**
 * The runbooks of the team: Markdown in `runbooks/` of the data directory, with their history and what is proposed beside them. After an
 * incident was repaired an addition is proposed; nothing is in a runbook that nobody accepted.
 */
export class Runbooks {
  readonly #parts: Parts;
  readonly #folder: string;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#folder = join(parts.dataDir, 'runbooks');
  }

  list(): Runbook[] {
    const records = join(this.#folder, '.records');
    const codes = existsSync(records) ? readdirSync(records).flatMap((f) => (f.endsWith('.json') ? [f.slice(0, -5)] : [])) : [];
    return codes
      .flatMap((code) => this.of(code) ?? [])
      .sort((a, b) => Number(b.proposal !== null) - Number(a.proposal !== null) || a.code.localeCompare(b.code));
  }

  of(code: string): Runbook | undefined {
    const record = this.#record(code);
    const last = record.versions.at(-1);
    if (last === undefined && record.proposal === null) return undefined;
    return {
      code,
      title: this.#family(code).title,
      text: this.#text(code) ?? '',
      version: last?.version ?? 0,
      at: last?.at ?? null,
      proposal: record.proposal,
    };
  }

  history(code: string): RunbookVersion[] {
    return [...this.#record(code).versions].reverse();
  }

  async accept(code: string, hash: string, by: string): Promise<Outcome<Runbook>> {
    const record = this.#record(code);
    const { proposal, versions } = record;
    if (proposal?.hash !== hash) return { ok: false, failure: changed(code, proposal !== null) };
    const at = new Date(this.#parts.clock.now()).toISOString();
    const version = (versions.at(-1)?.version ?? 0) + 1;
    replaceFile(this.#path(code), proposal.text, 0o600);
    this.#keep(code, {
      ...record,
      versions: [...versions, { version, at, by, incident: proposal.incident, text: proposal.text }],
      proposal: null,
    });
    await this.#parts.append({ type: 'runbook.accepted', code, version, by, incident: proposal.incident });
    const read = await this.#parts.knowledge.add({ path: this.#folder, name: SOURCE, trust: 'own' });
    if (!read.ok) this.#parts.log('error', `the runbooks could not be read for the search: ${read.failure.message}`);
    return this.#now(code);
  }

  async reject(code: string, hash: string, by: string, reason: string | undefined): Promise<Outcome<Runbook>> {
    const record = this.#record(code);
    const { proposal } = record;
    if (proposal?.hash !== hash) return { ok: false, failure: changed(code, proposal !== null) };
    this.#keep(code, { ...record, proposal: null, rejected: [...record.rejected, timeOf(proposal.incident, proposal.events)] });
    await this.#parts.append({ type: 'runbook.rejected', code, by, ...(reason === undefined ? {} : { reason }) });
    const now = this.of(code);
    return { ok: true, value: now ?? { code, title: this.#family(code).title, text: '', version: 0, at: null, proposal: null } };
  }

  /** Proposes what each incident taught, as it is over and as the plans for it settle. Ends with the stream. */
  async follow(entries: AsyncIterable<Envelope>): Promise<void> {
    for await (const { event } of entries) {
      if (event.type !== 'incident.resolved' && event.type !== 'plan.settled') continue;
      try {
        const times = await this.#parts.past.all();
        const time = times.findLast((t) =>
          event.type === 'incident.resolved' ? t.id === event.incident : t.plans.some((p) => p.plan === event.plan),
        );
        if (time !== undefined) await this.#propose(time);
      } catch (error) {
        this.#parts.log('error', `no runbook could be proposed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  /** A fault that went by itself, or by somebody's hand, teaches nothing that could be written down. */
  async #propose(time: PastIncident): Promise<void> {
    if (!time.plans.some((p) => p.state === 'done' || p.state === 'rolledBack')) return;
    const { code } = time;
    const record = this.#record(code);
    const events = [time.opened, time.resolved, ...time.plans.map((p) => p.settled)];
    if (record.rejected.includes(timeOf(time.id, events))) return;
    const current = this.#text(code);
    // What waits already is added to: two incidents in a row are one proposal.
    const text = amendedRunbook(record.proposal?.text ?? current, this.#family(code), time, await this.#parts.store.plans());
    if (text === (record.proposal?.text ?? current)) return;
    const proposal = {
      hash: createHash('sha256').update(text).digest('hex'),
      at: new Date(this.#parts.clock.now()).toISOString(),
      incident: time.id,
      events,
      text,
      diff: textDiff(current ?? '', text),
    };
    this.#keep(code, { ...record, proposal });
    await this.#parts.append({ type: 'runbook.proposed', code, incident: time.id, hash: proposal.hash });
  }

  #family(code: string) {
    const check = this.#parts.agents.flatMap((a) => [...a.checks, ...(a.manifestChecks ?? [])]).find((c) => c.code === code);
    return { code, title: check?.title ?? code, doc: check?.doc ?? '' };
  }

  /** As it lies there: people may edit it. */
  #text(code: string): string | undefined {
    try {
      return readFileSync(this.#path(code), 'utf8');
    } catch {
      return undefined;
    }
  }

  #now(code: string): Outcome<Runbook> {
    const now = this.of(code);
    return now === undefined
      ? { ok: false, failure: { code: 'not-found', message: `There is no runbook ${code}.` } }
      : { ok: true, value: now };
  }

  #record(code: string): Record {
    if (!CODE.test(code)) return NOTHING;
    try {
      return RecordSchema.parse(JSON.parse(readFileSync(this.#recordPath(code), 'utf8')));
    } catch {
      return NOTHING;
    }
  }

  #keep(code: string, record: Record): void {
    mkdirSync(join(this.#folder, '.records'), { recursive: true, mode: 0o700 });
    replaceFile(this.#recordPath(code), JSON.stringify(record), 0o600);
  }

  #path = (code: string) => join(this.#folder, `${code}.md`);
  #recordPath = (code: string) => join(this.#folder, '.records', `${code}.json`);
}

const timeOf = (incident: string, events: readonly number[]) => `${incident} ${events[0] ?? ''}`;

const changed = (code: string, hasOther: boolean) =>
  hasOther
    ? {
        code: 'conflict' as const,
        message: `What is proposed for ${code} has changed since it was shown.`,
        hint: `quarterdeck runbooks show ${code}`,
      }
    : { code: 'not-found' as const, message: `Nothing is proposed for ${code}.` };
