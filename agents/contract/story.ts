import type { HostEvent } from './events.ts';
import type { PlanState } from './plan.ts';
import { refWords, scopeWords } from './refs.ts';

/** What an agent is called before people, by its id. */
export type Called = (agent: string) => string;
type Teller = { readonly [T in HostEvent['type']]: (event: Extract<HostEvent, { type: T }>, called: Called) => string };

const plural = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** `SVC-001|Service/shop/cart|spec.selector.app`: code, object, field. */
function printWords(fingerprint: string): string {
  const [code = '', object = ''] = fingerprint.split('|');
  return `${code} in ${object.replace('/', ' ')}`;
}

/** `: 2 contexts more, shop gone, 1 problem`: a single context is named, several are counted. */
function kubeconfigWords({ added, removed, changed, problems }: Extract<HostEvent, { type: 'kubeconfig.changed' }>): string {
  const part = (names: readonly string[], what: string) =>
    names.length === 0 ? [] : [`${names.length === 1 ? (names[0] ?? '') : plural(names.length, 'context')} ${what}`];
  const parts = [...part(added, 'new'), ...part(removed, 'gone'), ...part(changed, 'changed')];
  if (problems > 0) parts.push(plural(problems, 'problem'));
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

/** `, read 3 times besides (podLogs, tlsHandshake)`. */
function readsWords(probes: Readonly<Record<string, number>>): string {
  const reads = Object.values(probes).reduce((sum, n) => sum + n, 0);
  return reads === 0 ? '' : `, read ${plural(reads, 'time')} besides (${Object.keys(probes).sort().join(', ')})`;
}

function outcomeWords({ raised, cleared }: Extract<HostEvent, { type: 'agent.looked' }>): string {
  if (raised + cleared === 0) return 'nothing is wrong, as far as could be read';
  return [raised === 0 ? '' : `${plural(raised, 'new finding')}`, cleared === 0 ? '' : `${cleared} gone`]
    .filter((w) => w !== '')
    .join(', ');
}

function marksWords({
  protected: guarded,
  readOnly,
  color,
  group,
  alias,
}: Extract<HostEvent, { type: 'context.marked' }>['marks']): string {
  const parts = [
    guarded ? 'protected' : '',
    readOnly ? 'read-only' : '',
    color ?? '',
    group === null ? '' : `group ${group}`,
    alias === null ? '' : `alias ${alias}`,
  ].filter((p) => p !== '');
  return parts.length === 0 ? 'no marks' : parts.join(', ');
}

const END: Partial<Record<PlanState, string>> = {
  done: 'is done',
  rolledBack: 'was taken back',
  rollbackFailed: 'could not be taken back',
  failed: 'failed',
  rejected: 'was rejected',
  needsReview: 'needs somebody to look',
};

const LOG_NEWS = { new: 'a new error', more: 'an error much more often', burst: 'a burst of errors' } as const;

const TELL: Teller = {
  'app.started': (e) => `Quarterdeck ${e.version} started${e.demo ? ' with the demo fleet' : ''}`,
  'app.stopped': () => 'Quarterdeck stopped',
  'log.pruned': (e) => `${e.by} removed ${e.removed} entries up to ${e.upTo} from the beginning of the log`,
  'agent.started': (e) => `${e.title} started`,
  'agent.looked': (e, called) =>
    `${called(e.agent)} looked at ${plural(e.objects, 'object')} of ${e.context} with ${plural(e.checks, 'check')}${readsWords(e.probes)}: ${outcomeWords(e)}`,
  'agent.crashed': (e, called) => `The agent ${called(e.agent)} fell (${e.message}) and is started again`,
  'agent.gaveUp': (e, called) => `The agent ${called(e.agent)} was given up: ${e.message}`,
  'agent.paused': (e, called) => `${e.by} paused the agent ${called(e.agent)}`,
  'agent.resumed': (e, called) => `${e.by} resumed the agent ${called(e.agent)}`,
  'model.asked': (e) =>
    `${e.model} (${e.where}) was asked: ${e.question}${e.about === null ? '' : ` of ${e.about}`}, ${e.characters} characters`,
  'model.answered': (e) =>
    `${e.model} answered ${e.question} after ${(e.tookMs / 1000).toFixed(1)} s; ${e.outcome === 'shown' ? 'it is shown' : `${e.outcome}: ${e.because ?? ''}`}`,
  'model.changed': (e) => `${e.by}: ${e.change}`,
  'approval.given': (e) => `${e.by} approved ${e.plan}, ${e.have} of ${e.need}`,
  'autonomy.inForce': (e) =>
    e.problem === null
      ? `${e.by === null ? 'The rules of the file' : `${e.by}'s rules`} are in force: ${plural(e.rules, 'rule')} (${e.version === '' ? 'none' : e.version})`
      : `The rules of autonomy cannot be understood, so nothing can be approved: ${e.problem}`,
  'token.created': (e) => `${e.by} made the token ${e.name} (${e.scope}${e.expires === null ? '' : `, until ${e.expires}`})`,
  'token.revoked': (e) => `${e.by} took the token ${e.name} away`,
  'agents.held': (e) => `${e.by} held all agents${e.reason === undefined ? '' : `: ${e.reason}`}`,
  'agents.released': (e) => `${e.by} let all agents go on`,
  'updates.followed': (e) =>
    `${e.by} ${e.feed === null ? 'stopped looking for newer versions' : `has newer versions looked for at ${e.feed}`}`,
  'cluster.connected': (e) => `${e.context} connected (${e.version})`,
  'cluster.wentOffline': (e) => `${e.context} went offline: ${e.failure.message}`,
  'cluster.wentStale': (e) => `${e.context} answers, but ${e.kinds.join(', ')} cannot be watched: known as of ${e.since}`,
  'cluster.disconnected': (e) => `${e.context} disconnected`,
  'signIn.asked': (e) => `${e.context}: the login of ${e.user} asks: ${e.text}`,
  'signIn.ended': (e) =>
    e.failure === null ? `${e.context}: ${e.user} is logged in` : `${e.context}: the login of ${e.user} failed: ${e.failure}`,
  'kubeconfig.changed': (e) => `The kubeconfigs changed${kubeconfigWords(e)}`,
  'kubeconfig.fileAdded': (e) => `${e.by} added ${e.path} with ${plural(e.contexts, 'context')}`,
  'kubeconfig.fileRemoved': (e) => `${e.by} removed ${e.path} from the kubeconfigs that are read`,
  'context.marked': (e) => `${e.by} marked ${e.context}: ${marksWords(e.marks)}`,
  'context.used': (e) => `${e.by} made ${e.context} the current context in ${e.file}`,
  'exec.opened': (e) => `${e.by} ran ${e.command.join(' ')} in ${refWords(e.resource)} of ${e.context}`,
  'exec.closed': (e) => `What ran in ${refWords(e.resource)} of ${e.context} ended${e.exitCode === null ? '' : ` with ${e.exitCode}`}`,
  'forward.opened': (e) => `${e.by} forwards port ${e.localPort} to ${e.target}:${e.remotePort} in ${e.namespace} of ${e.context}`,
  'forward.closed': (e) => `${e.by} stopped the forwarding ${e.forward} to ${e.context}`,
  'diagnosis.completed': (e) =>
    `${e.context} diagnosed: ${plural(e.incidents, 'incident')} among ${plural(e.objects, 'object')} in ${e.durationMs} ms`,
  'finding.raised': (e, called) => `${called(e.agent)} found ${e.finding.code} in ${refWords(e.finding.subject)}: ${e.finding.message}`,
  'performance.degraded': (e, called) => `${called(e.agent)} says of ${refWords(e.resource)} that it became worse: ${e.message}`,
  'exhaustion.predicted': (e, called) => `${called(e.agent)} foretells of ${refWords(e.resource)}: ${e.message}`,
  'anomaly.detected': (e, called) => `${called(e.agent)} noticed something unusual in ${refWords(e.resource)}: ${e.message}`,
  'finding.cleared': (e, called) => `${called(e.agent)} no longer finds ${printWords(e.fingerprint)}`,
  'check.failed': (e, called) => `The check ${e.code} of ${called(e.agent)} failed in ${e.context}: ${e.message}`,
  'consultation.asked': (e, called) => `${called(e.by)} asks ${e.name}${e.context === null ? '' : ` about ${e.context}`}`,
  'consultation.answered': (e, called) =>
    e.unavailable === null
      ? `${e.name} answered ${called(e.by)} in ${e.durationMs} ms`
      : `${e.name} had no answer for ${called(e.by)}: ${e.unavailable}`,
  'logs.patternAppeared': (e) =>
    `${refWords(e.resource)} of ${e.context} logs ${LOG_NEWS[e.news]}${e.revision === null ? '' : ` since revision ${e.revision}`}: ${e.sample} (${e.because})`,
  'incident.opened': (e) => `Incident ${e.incident.id} opened in ${e.incident.context}: ${e.incident.title}`,
  'incident.dismissed': (e) =>
    `Incident ${e.incident} was accepted by ${e.dismissal.by}${e.dismissal.until === null ? '' : ` until ${e.dismissal.until}`}: ${e.dismissal.reason}`,
  'dismissal.ended': (e) =>
    `${e.incident === undefined ? `What was accepted as ${e.dismissal}` : `Incident ${e.incident}`} is heard of again: ${e.because}${e.by === undefined ? '' : ` (${e.by})`}`,
  'maintenance.added': (e) =>
    `${e.maintenance.by} announced maintenance of ${scopeWords(e.maintenance.scope)} in ${e.context}${e.maintenance.until === null ? '' : ` until ${e.maintenance.until}`}: ${e.maintenance.reason}`,
  'maintenance.ended': (e) =>
    `The maintenance ${e.maintenance} in ${e.context} is over: ${e.because}${e.by === undefined ? '' : ` (${e.by})`}`,
  'incident.updated': (e) => `Incident ${e.incident.id} changed: ${e.incident.title}`,
  'incident.resolved': (e) => `Incident ${e.incident} resolved: ${e.because}`,
  'runbook.proposed': (e) => `An addition to the runbook of ${e.code} is proposed, after ${e.incident}`,
  'runbook.accepted': (e) => `${e.by} took it into the runbook of ${e.code}, now at version ${e.version}`,
  'runbook.rejected': (e) => `${e.by} left the runbook of ${e.code} as it is${e.reason === undefined ? '' : `: ${e.reason}`}`,
  'plan.proposed': (e, called) =>
    `${e.plan.proposedBy ?? called(e.plan.agent)} proposes ${e.plan.id}: ${e.plan.title} (risk ${e.plan.risk})`,
  'plan.refused': (e) => `${e.plan.id} cannot be done: ${e.plan.reason ?? ''}`,
  'plan.ordered': (e) => `${e.by} put ${e.plans.join(' before ')}: ${e.because}`,
  'plan.abandoned': (e) => `${e.plan} was abandoned: ${e.because}`,
  'plan.expired': (e) => `${e.plan} expired without a decision`,
  'approval.requested': (e) => `${e.plan} waits for approval until ${e.expires}`,
  'approval.resolved': (e) => `${e.by} ${e.decision} ${e.plan}${e.reason === undefined ? '' : `: ${e.reason}`}`,
  'action.started': (e) => `${e.plan} ${e.inverse ? 'takes back' : 'does'}: ${e.summary}`,
  'action.succeeded': (e) => `${e.plan} ${e.inverse ? 'took back' : 'did'} action ${e.index + 1}`,
  'action.failed': (e) => `${e.plan} could not ${e.inverse ? 'take back' : 'do'} action ${e.index + 1}: ${e.failure.message}`,
  'plan.verifying': (e) => `${e.plan} was carried out and is watched: ${e.codes.join(', ')} must stay gone for ${e.stableForSeconds} s`,
  'plan.verified': (e) => `${e.plan} is verified: ${e.because}`,
  'plan.rollingBack': (e) => `${e.plan} is taken back: ${e.because}`,
  'plan.settled': (e) => `${e.plan} ${END[e.state] ?? `ended as ${e.state}`}: ${e.because}`,
};

/** One sentence for people about an entry of the log. Names in it are the cluster's own text; agents go by their ids where nothing else is given. */
export function storyOf(event: HostEvent, called: Called = (agent) => agent): string {
  return (TELL[event.type] as (e: HostEvent, called: Called) => string)(event, called);
}
