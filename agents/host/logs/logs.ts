import { join } from 'node:path';
import { z } from 'zod';
import {
  type ContextName,
  type HostEvent,
  type InMaintenance,
  type Incident,
  KINDS,
  LOG_LEVELS,
  type LogLevel,
  type LogNewsFact,
  type LogPattern,
  type LogPatterns,
  type LogWatch,
  type Outcome,
  type ResourceRef,
  isKind,
} from '../../contract/index.ts';
import { ContextFile } from '../contexts/context-file.ts';
import { holdsWords } from '../holds-words.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Kube } from '../ports/kube.ts';
import { type WantedLogs, type WorkloadName, workloadKey } from './watch-list.ts';

/** Logs as the app has them: the kube worker follows and mines, this says whose, and tells what is news. */

interface Parts {
  readonly kube: Pick<Kube, 'logPatterns' | 'logWatching' | 'forgetLogs' | 'wantLogs' | 'onNotice'>;
  readonly metrics: Pick<Metrics, 'begin' | 'begun' | 'forgetLogs'>;
  readonly dataDir: string;
  readonly append: (event: HostEvent) => Promise<void>;
  /** An agent that knows older news looks again. */
  readonly wake: (context: ContextName) => void;
  readonly incidents: () => readonly Incident[];
  /** The maintenance that something is found in now. */
  readonly maintenance: (context: ContextName, resource: ResourceRef) => InMaintenance | undefined;
}

export interface PatternsQuery {
  readonly namespace?: string | undefined;
  readonly workload?: string | undefined;
  readonly search?: string | undefined;
  readonly level?: LogLevel | undefined;
  readonly news: boolean;
  readonly minutes: number;
  readonly limit: number;
}

/** What is handed to an agent at once. */
const MOST_NEWS = 60;

const ChosenSchema = z.array(z.strictObject({ namespace: z.string(), workload: z.string() }));

export class Logs {
  readonly #parts: Parts;
  /** Whose logs people chose to have followed always. */
  readonly #chosen: ContextFile<WorkloadName[]>;
  readonly #off: () => void;
  #told = '';

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#chosen = new ContextFile(join(parts.dataDir, 'followed-logs.json'), ChosenSchema);
    this.#off = parts.kube.onNotice((notice) => {
      if (notice.type !== 'logNews') return;
      for (const pattern of notice.patterns) void this.#tell(notice.context, pattern);
      parts.wake(notice.context);
    });
    this.want();
  }

  /** Whose logs come first: whom people chose, and who has an incident. */
  want(): void {
    const wanted: Record<ContextName, [string, 'chosen' | 'incident'][]> = {};
    for (const [context, chosen] of Object.entries(this.#chosen.read()))
      wanted[context] = chosen.map((name) => [workloadKey(name), 'chosen']);
    for (const { context, rootCause, affects } of this.#parts.incidents())
      for (const { kind, name, namespace } of [rootCause.resource, ...affects])
        if (namespace !== undefined && isKind(kind)) (wanted[context] ??= []).push([`${namespace}/${kind}/${name}`, 'incident']);
    // Who is both was chosen.
    const told: WantedLogs = Object.fromEntries(Object.entries(wanted).map(([context, all]) => [context, [...all].reverse()]));
    const text = JSON.stringify(told);
    if (text === this.#told) return;
    this.#told = text;
    this.#parts.kube.wantLogs(told);
  }

  async patterns(context: ContextName, query: PatternsQuery): Promise<Outcome<LogPatterns>> {
    await this.#parts.metrics.begin();
    const { namespace, workload, minutes } = query;
    const answer = await this.#parts.kube.logPatterns(context, { namespace, workload, minutes, news: query.news });
    if (!answer.ok) return answer;
    const isSought = holdsWords(query.search);
    const found = answer.value.patterns.filter(
      (p) => (query.level === undefined || p.level === query.level) && isSought([p.text, p.sample.line, p.workload].join('\n')),
    );
    return {
      ok: true,
      value: {
        patterns: found.sort(mattersMost).slice(0, query.limit),
        truncated: found.length > query.limit,
        workloads: answer.value.workloads,
      },
    };
  }

  async watching(context: ContextName): Promise<Outcome<LogWatch>> {
    await this.#parts.metrics.begin();
    return this.#parts.kube.logWatching(context);
  }

  watch(context: ContextName, { namespace, workload }: WorkloadName, on: boolean): WorkloadName[] {
    const others = (this.#chosen.read()[context] ?? []).filter((c) => workloadKey(c) !== workloadKey({ namespace, workload }));
    const chosen = on ? [...others, { namespace, workload }] : others;
    this.#chosen.write(context, chosen.length === 0 ? undefined : chosen);
    this.want();
    return chosen;
  }

  async forget(context: ContextName): Promise<number> {
    // The store first: who follows begins anew with what is there.
    const patterns = await this.#parts.metrics.forgetLogs(context);
    await this.#parts.kube.forgetLogs(context);
    return patterns;
  }

  /** What is news now. Nothing is, where no logs are followed yet: nothing is begun for that. */
  async news(context: ContextName): Promise<LogNewsFact> {
    if (!this.#parts.metrics.begun) return { patterns: [] };
    const answer = await this.#parts.kube.logPatterns(context, { minutes: 1, news: true });
    if (!answer.ok) return { patterns: [] };
    return {
      patterns: answer.value.patterns
        .filter((p) => p.news?.active === true)
        .sort(mattersMost)
        .slice(0, MOST_NEWS),
    };
  }

  close(): void {
    this.#off();
  }

  async #tell(context: ContextName, { id, namespace, workload, text, count, pods, sample, news }: LogPattern): Promise<void> {
    if (news === null) return;
    const [kind = '', name = ''] = workload.split('/');
    const { kind: what, because, since, revision } = news;
    const resource = { apiVersion: isKind(kind) ? KINDS[kind].apiVersion : '', kind, namespace, name };
    const works = this.#parts.maintenance(context, resource);
    await this.#parts.append({
      type: 'logs.patternAppeared',
      context,
      resource,
      pattern: id,
      text,
      news: what,
      ...{ because, since, revision, lines: count, pods, sample: sample.line },
      ...(works === undefined ? {} : { maintenance: works.id }),
    });
  }
}

function mattersMost(a: LogPattern, b: LogPattern): number {
  const rank = ({ news, level }: LogPattern) => (news?.active === true ? 0 : news !== null ? 1 : 2 + LOG_LEVELS.indexOf(level));
  return rank(a) - rank(b) || b.count - a.count || (a.id < b.id ? -1 : 1);
}
