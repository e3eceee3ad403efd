import type { Fact, Probe } from '../../contract/index.ts';
import { customFacts } from '../probes/custom-resources.ts';
import { eventFacts } from '../probes/object-events.ts';
import type { ObjectPile } from './object-pile.ts';

type Raw = Readonly<Record<string, unknown>>;
/** Said of what only a running cluster could answer; the diagnosis lists it as not read. */
const unread = (message: string): Fact => ({ ok: false, failure: { code: 'cluster-unreachable', message } });
const NO_CLUSTER = 'only a running cluster can tell';

/** Answers probes from what the files hold; of what they do not hold it says so. No cluster is asked. */
export function fileFacts(pile: ObjectPile): (probe: Probe) => Fact {
  const events = new Map<string, Raw[]>();
  for (const event of pile.events) {
    const about = (event['involvedObject'] ?? event['regarding'] ?? {}) as Raw;
    const key = `${String(about['kind'])}/${String(about['namespace'] ?? '')}/${String(about['name'])}`;
    const known = events.get(key);
    if (known === undefined) events.set(key, [event]);
    else known.push(event);
  }
  return (probe) => {
    switch (probe.type) {
      case 'podLogs': {
        const { namespace, pod, container, previous, tailLines } = probe;
        const lines = pile.log(namespace, pod, container, previous);
        if (lines !== undefined) return { ok: true, value: { lines: lines.slice(-tailLines), truncated: lines.length > tailLines } };
        const other = pile.log(namespace, pod, container, !previous);
        // The log of the other run is there: the check asks for it next.
        if (other !== undefined) return { ok: false, failure: { code: 'not-found', message: 'The files hold the log of another run.' } };
        return unread('the files hold no log of these pods');
      }
      case 'objectEvents': {
        if (pile.events.length === 0) return unread('the files hold no events');
        const { kind, namespace = '', name, uid } = probe.resource;
        return { ok: true, value: { events: eventFacts((events.get(`${kind}/${namespace}/${name}`) ?? []).map(asCoreEvent), uid) } };
      }
      case 'customResources': {
        const { group, kind } = probe;
        return {
          ok: true,
          value: customFacts(
            pile.others.filter((o) => o.group === group && o.kind === kind).map((o) => o.raw),
            false,
          ),
        };
      }
      default:
        return unread(NO_CLUSTER);
    }
  };
}

/** An event of events.k8s.io says the same in other fields. */
function asCoreEvent(event: Raw): Raw {
  if (event['regarding'] === undefined) return event;
  return {
    ...event,
    involvedObject: event['regarding'],
    message: event['note'],
    lastTimestamp: event['deprecatedLastTimestamp'],
    firstTimestamp: event['deprecatedFirstTimestamp'],
    count: event['deprecatedCount'],
  };
}
