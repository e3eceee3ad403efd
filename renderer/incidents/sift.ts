import type { IncidentWithPlans, Severity } from '../../agents/contract/index.ts';

/** Which incidents are shown. Pure. */
export interface Sieve {
  readonly text: string;
  readonly severity: Severity | undefined;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
}

export const OPEN_SIEVE: Sieve = { text: '', severity: undefined, context: undefined, namespace: undefined };

/** Those that hold every typed word (in title, code, objects) and are of the severity, the context and the namespace. */
export function sift<I extends IncidentWithPlans>(incidents: readonly I[], { text, severity, context, namespace }: Sieve): readonly I[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((w) => w !== '');
  return incidents.filter((i) => {
    if (severity !== undefined && i.severity !== severity) return false;
    if (context !== undefined && i.context !== context) return false;
    if (namespace !== undefined && i.rootCause.resource.namespace !== namespace) return false;
    if (words.length === 0) return true;
    const { code, resource } = i.rootCause;
    const told = [i.id, i.title, code, resource.kind, resource.namespace ?? '', resource.name, i.context].join(' ').toLowerCase();
    return words.every((w) => told.includes(w));
  });
}

/** The values there are to choose from, sorted. */
export const choices = (values: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(values)].filter((v) => v !== undefined).sort((a, b) => a.localeCompare(b));
