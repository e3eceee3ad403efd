import { changesAsked } from '../../../core/ask/topics-changes.ts';
import { type Topic, saysMoreThanTopic, topicOf } from '../../../core/ask/topics.ts';
import { absentNamespace } from '../../objects/find-object.ts';
import { kindOfWord } from '../../objects/kind-words.ts';
import type { AskParts, Turn } from '../turn.ts';
import { tellAccess } from './access.ts';
import { tellChanges } from './changes.ts';
import { tellClusters } from './clusters.ts';
import { tellOpenIncidents } from './incidents-open.ts';
import { tellList } from './list.ts';
import { tellLogs } from './logs.ts';
import { tellFields } from './object.ts';
import { tellOutlook } from './outlook.ts';
import { tellPlans } from './plans.ts';
import { type ReadingFor, readingFor } from './reading-for.ts';
import { tellRelated } from './related.ts';
import { tellUsage } from './usage.ts';

/** Answers what is asked of a cluster beside whether it is well, by reading it. False where it asks for nothing of that, and nothing was said. */
export async function tellTopic(parts: AskParts, turn: Turn): Promise<boolean> {
  const { question } = turn.begun;
  const plain = topicOf(question, { namesObject: false, kindOf: kindOfWord });
  if (plain === undefined && topicOf(question, { namesObject: true, kindOf: kindOfWord }) === undefined) return false;
  if (plain?.of === 'plans' || plain?.of === 'clusters') {
    if (plain.of === 'plans') await tellPlans(parts, turn, plain);
    else await tellClusters(parts, turn);
    return true;
  }
  const asked = await readingFor(parts, turn);
  if (asked === undefined) return false;
  const { refs, reading } = asked;
  const { taken, unknown } = reading.mentions;
  const topic = topicOf(question, { namesObject: refs.length > 0, kindOf: kindOfWord });
  // What nothing here is called, or what no cluster is made of, may be written about; who may do something is anybody's name.
  const asksOfPerson = topic?.of === 'access' && typeof topic.who === 'object';
  const by = topic?.of === 'changes' ? changesAsked(question).by : undefined;
  if (topic === undefined || unknown.some((name) => name !== by)) return false;
  if (refs.length === 0 && !asksOfPerson && by === undefined && saysMoreThanTopic(reading.rest, kindOfWord)) return false;
  const { namespaces } = reading.mentions;
  const [first] = refs;
  // What is asked next of "it" is asked of the same.
  const where = namespaces.length > 0 || first?.namespace === undefined ? [...namespaces] : [first.namespace];
  const before = turn.about;
  turn.isAbout({
    context: asked.context,
    ...(where.length === 0 ? {} : { namespaces: where }),
    ...(first === undefined ? {} : { resource: `${first.kind}/${first.name}` }),
  });
  const absent = await absentNamespace(parts.ports.kube, asked.context, namespaces);
  if (absent !== undefined) {
    turn.failed('notThere', absent);
    return true;
  }
  if (!(await tell(asked, topic))) {
    turn.isAbout(before);
    return false;
  }
  for (const { said, meant } of taken) turn.draft.say('taken', `Nothing is called ${said}; it was taken for ${meant}.`);
  return true;
}

/** False where nothing of that was found, and nothing was said. */
function tell(asked: ReadingFor, topic: Topic): Promise<boolean> {
  switch (topic.of) {
    case 'changes':
      return tellChanges(asked);
    case 'outlook':
      return tellOutlook(asked);
    case 'usage':
      return tellUsage(asked, topic);
    case 'logs':
      return tellLogs(asked, topic);
    case 'access':
      return tellAccess(asked, topic);
    case 'list':
      return tellList(asked, topic);
    case 'related':
      return tellRelated(asked, topic);
    case 'field':
      return tellFields(asked);
    case 'incidents':
      return tellOpenIncidents(asked);
    default:
      return Promise.resolve(false);
  }
}
