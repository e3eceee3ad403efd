import { ALL_KINDS, KINDS } from '../../contract/index.ts';

/** How people write what the API writes in one word, and the slips they make in words of which every question is made. */

const ALIKE: readonly (readonly [said: RegExp, meant: string])[] = [
  [/\b(?:wh?ic?h|whcih|wihch|whitch)\b/gi, 'which'],
  [/\b(?:waht|wat|wht|whta)\b/gi, 'what'],
  [/\bhwo many\b|\bhow mny\b/gi, 'how many'],
  [/\bon[- ]call\b/gi, 'oncall'],
  [/\bpvcs\b/gi, KINDS.PersistentVolumeClaim.resource],
  [/\bpvs\b/gi, KINDS.PersistentVolume.resource],
  [/\bsvcs\b/gi, KINDS.Service.resource],
  [/\bhpas\b/gi, KINDS.HorizontalPodAutoscaler.resource],
  [/\bpdbs\b/gi, KINDS.PodDisruptionBudget.resource],
  [/\bnetpols\b/gi, KINDS.NetworkPolicy.resource],
];

/** `service accounts`, `config-map` → as the API calls them; the longest first, for a persistent volume claim is no persistent volume. */
const IN_PARTS: readonly (readonly [said: RegExp, one: string, many: string])[] = ALL_KINDS.map(
  (kind) => [kind, kind.split(/(?<=[a-z])(?=[A-Z])/)] as const,
)
  .filter(([, parts]) => parts.length > 1)
  .sort(([a], [b]) => b.length - a.length)
  .map(([kind, parts]) => {
    const start = parts.slice(0, -1).join('[- ]');
    const last = parts.at(-1) ?? '';
    const plural = last.endsWith('y') ? `${last.slice(0, -1)}ies` : `${last}(?:e?s)`;
    return [new RegExp(`\\b${start}[- ](?:(${plural})|${last})\\b`, 'gi'), kind.toLowerCase(), KINDS[kind].resource];
  });

/** The question with each kind in one word, `service account` as `serviceaccount`, and without the commonest slips. */
export function plainly(question: string): string {
  const spelt = ALIKE.reduce((text, [said, meant]) => text.replaceAll(said, meant), question);
  return IN_PARTS.reduce(
    (text, [said, one, many]) => text.replaceAll(said, (_, plural: string | undefined) => (plural === undefined ? one : many)),
    spelt,
  );
}
