import type { Finding, HostEvent } from '../../agents/contract/index.ts';
import { refWords } from '../../agents/contract/refs.ts';

/** What stands behind an entry: how it was come to, what it rests on, what was ruled out. Pure; the texts of a cluster are quoted as they are. */

export interface Thought {
  readonly what: string;
  readonly texts: readonly string[];
}

const MOST = 6;

export function thoughtsOf(event: HostEvent): readonly Thought[] {
  switch (event.type) {
    case 'agent.looked':
      return some([
        ['checked', [`${event.checks} checks over ${event.objects} objects, in ${Math.max(1, Math.round(event.tookMs))} ms`]],
        ['read besides', Object.entries(event.probes).map(([type, n]) => `${type}${n === 1 ? '' : `, ${n} times`}`)],
      ]);
    case 'finding.raised':
      return ofFinding(event.finding);
    case 'incident.opened':
    case 'incident.updated': {
      const { rootCause, symptoms, evidence, ruledOut } = event.incident;
      return some([
        ['cause', [`${rootCause.code}, sure to ${percent(rootCause.confidence)}: ${rootCause.message}`]],
        ['explains', symptoms.map((s) => `${refWords(s.resource)}: ${s.message}`)],
        ['rests on', evidence.map((e) => `${e.kind} of ${refWords(e.resource)}: ${e.text}`)],
        ['ruled out', ruledOut.map((r) => `${r.hypothesis}: ${r.because}`)],
      ]);
    }
    case 'plan.proposed': {
      const { because, riskReasons, risk, rank, verify } = event.plan;
      return some([
        ['because', [because]],
        ['risk', [`${risk}${riskReasons.length === 0 ? '' : `: ${riskReasons.join('; ')}`}`]],
        ['among others', rank === undefined || rank.of < 2 ? [] : [`no. ${rank.place} of ${rank.of}: ${rank.because}`]],
        ['afterwards', verify.length === 0 ? [] : [`${verify.join(', ')} must be gone`]],
      ]);
    }
    default:
      return [];
  }
}

function ofFinding({ confidence, evidence, ruledOut, affects }: Finding): readonly Thought[] {
  return some([
    ['sure', [percent(confidence)]],
    ['rests on', evidence.map((e) => `${e.kind} of ${refWords(e.resource)}: ${e.text}`)],
    ['ruled out', ruledOut.map((r) => `${r.hypothesis}: ${r.because}`)],
    ['suffer', affects.map(refWords)],
  ]);
}

const percent = (confidence: number) => `${Math.round(confidence * 100)} %`;

function some(parts: readonly (readonly [what: string, texts: readonly string[]])[]): readonly Thought[] {
  return parts
    .filter(([, texts]) => texts.length > 0)
    .map(([what, texts]) => ({ what, texts: texts.length > MOST ? [...texts.slice(0, MOST), `and ${texts.length - MOST} more`] : texts }));
}
