import {
  type Announced,
  type Announcement,
  type ContextName,
  type Finding,
  type HostEvent,
  type InMaintenance,
  type Report,
  type ResourceRef,
  fingerprint,
} from '../../contract/index.ts';
import type { Agent } from '../../core/agent.ts';

/** What agents have announced and is still so. New ones go into the log, and to the agents that listen, which wake on them. */

interface Parts {
  /** The maintenance that something is found in now. */
  readonly maintenance: (context: ContextName, resource: ResourceRef) => InMaintenance | undefined;
  readonly append: (event: HostEvent) => Promise<void>;
  /** Something that `types` says came or went in a context. */
  readonly tell: (context: ContextName, types: ReadonlySet<Announced>) => void;
}

export class Announcements {
  readonly #parts: Parts;
  /** By context and agent, by the finding. What was said first stays as it was said: its numbers change with every reading. */
  readonly #standing = new Map<string, ReadonlyMap<string, Announcement>>();
  /** Those of them that were noticed in maintenance, and told to nobody yet. */
  readonly #untold = new Set<Announcement>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  of(context: ContextName): readonly Announcement[] {
    return [...this.#standing.values()].flatMap((all) => [...all.values()].filter((a) => a.context === context && !this.#untold.has(a)));
  }

  /** Takes in what an agent reported. */
  take(agent: Agent, { context, findings }: Report): void {
    const types = new Map(agent.checks.flatMap((c) => (c.announces === undefined ? [] : [[c.code, c.announces] as const])));
    if (types.size === 0) return;
    const key = `${agent.id} ${context}`;
    const before = this.#standing.get(key) ?? new Map<string, Announcement>();
    const now = new Map(
      findings.flatMap((finding): [string, Announcement][] => {
        const type = types.get(finding.code);
        const id = fingerprint(finding);
        return type === undefined ? [] : [[id, before.get(id) ?? announcementOf(type, agent.id, context, finding)]];
      }),
    );
    this.#standing.set(key, now);
    const fresh = [...now].filter(([id]) => !before.has(id)).map(([, a]) => a);
    const gone = [...before].filter(([id]) => !now.has(id)).map(([, a]) => a);
    const heard = gone.filter((a) => !this.#untold.delete(a));
    for (const announcement of fresh) {
      const works = this.#parts.maintenance(context, announcement.resource);
      if (works === undefined) heard.push(announcement);
      else this.#untold.add(announcement);
      this.#write(announcement, works?.id);
    }
    if (heard.length > 0) this.#parts.tell(context, new Set(heard.map((a) => a.type)));
  }

  /** Tells what was noticed in maintenance that is over, where it is still so. */
  again(context: ContextName): void {
    const due = [...this.#untold].filter((a) => a.context === context && this.#parts.maintenance(context, a.resource) === undefined);
    for (const announcement of due) {
      this.#untold.delete(announcement);
      this.#write(announcement, undefined);
    }
    if (due.length > 0) this.#parts.tell(context, new Set(due.map((a) => a.type)));
  }

  #write({ type, ...rest }: Announcement, maintenance: string | undefined): void {
    // The host has written it already, with the pattern and a line of it.
    if (type === 'logs.patternAppeared') return;
    void this.#parts.append({ type, ...rest, ...(maintenance === undefined ? {} : { maintenance }) });
  }
}

function announcementOf(type: Announced, agent: string, context: ContextName, finding: Finding): Announcement {
  const { code, subject, severity, message, confidence, params } = finding;
  const text = (name: string) => (typeof params[name] === 'string' ? params[name] : '');
  const { since, score } = params;
  return {
    ...{ type, agent, context, fingerprint: fingerprint(finding), code, resource: subject, severity, message },
    since: typeof since === 'number' ? new Date(since).toISOString() : null,
    score: typeof score === 'number' ? score : confidence,
    expected: text('expected'),
    silentWhen: text('silentWhen'),
  };
}
