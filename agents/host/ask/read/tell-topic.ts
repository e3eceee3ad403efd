import { saysMoreThanTopic, topicOf } from '../../../core/ask/topics.ts';
import { absentNamespace } from '../../objects/find-object.ts';
import { kindOfWord } from '../../objects/kind-words.ts';
import type { AskParts, Turn } from '../turn.ts';
import { tellAccess } from './access.ts';
import { tellChanges } from './changes.ts';
import { tellClusters } from './clusters.ts';
import { tellList } from './list.ts';
import { tellLogs } from './logs.ts';
import { tellFields } from './object.ts';
import { tellOutlook } from './outlook.ts';
import { tellPlans } from './plans.ts';
import { readingFor } from './reading-for.ts';
import { tellUsage } from './usage.ts';

/** Answers what is asked of a cluster beside whether it is well, by reading it. False where it asks for nothing of that, and nothing was said. */
export async function tellTopic(parts: AskParts, turn: Turn): Promise<boolean> {
  const { question } = turn.begun;
  if (topicOf(question, { namesObject: true, kindOf: kindOfWord }) === undefined) return false;
  const plain = topicOf(question, { namesObject: false, kindOf: kindOfWord });
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
  // What nothing here is called, or what no cluster is made of, may be written about.
  if (topic === undefined || unknown.length > 0 || (refs.length === 0 && saysMoreThanTopic(reading.rest, kindOfWord))) return false;
  const { namespaces } = reading.mentions;
  turn.isAbout({ context: asked.context, ...(namespaces.length === 0 ? {} : { namespaces: [...namespaces] }) });
  const absent = await absentNamespace(parts.ports.kube, asked.context, namespaces);
  if (absent !== undefined) {
    turn.failed('notThere', absent);
    return true;
  }
  for (const { said, meant } of taken) turn.draft.say('taken', `Nothing is called ${said}; it was taken for ${meant}.`);
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
    case 'field':
      return tellFields(asked);
    default:
      return false;
  }
}
