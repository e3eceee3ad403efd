import type { Outcome } from '../../contract/index.ts';
import { nearest } from '../../core/nearest.ts';

/** An object as somebody may mean it. */
export interface Candidate {
  readonly name: string;
  readonly namespace?: string | undefined;
}

export interface NameAsked {
  /** As Kubernetes writes it: `Deployment`. */
  readonly kind: string;
  readonly name: string;
  /** Empty: all. */
  readonly namespaces: readonly string[];
}

/** Most that are listed where several fit. */
const MOST_LISTED = 12;
/** What controllers hang on the names of pods and Jobs that they make. */
const MADE = new Set(['Pod', 'ReplicaSet', 'Job']);

/**
 * The one object that a name means among those there are: of exactly that name, else the only one whose name begins with it. Where
 * several fit a person must choose; where none does, what there is instead is said.
 */
export function pickNamed<C extends Candidate>({ kind, name, namespaces }: NameAsked, all: readonly C[], where: string): Outcome<C> {
  const within = all.filter((c) => namespaces.length === 0 || c.namespace === undefined || namespaces.includes(c.namespace));
  const exact = within.filter((c) => c.name === name);
  const fitting = exact.length > 0 ? exact : MADE.has(kind) ? within.filter((c) => c.name.startsWith(`${name}-`)) : [];
  const [one, another] = fitting;
  if (one !== undefined && another === undefined) return { ok: true, value: one };
  if (one !== undefined) return several(kind, name, fitting, exact.length > 0);
  return {
    ok: false,
    failure: { code: 'not-found', message: absent(kind, name, namespaces), hint: instead(kind, name, all, within, where) },
  };
}

const absent = (kind: string, name: string, namespaces: readonly string[]) =>
  `There is no ${kind} ${name}${namespaces.length > 0 ? ` in namespace ${namespaces.join(', ')}` : ''}.`;

function several<C extends Candidate>(kind: string, name: string, fitting: readonly C[], exact: boolean): Outcome<C> {
  const word = kind.toLowerCase();
  const list = [...fitting]
    .sort((a, b) => (a.namespace ?? '').localeCompare(b.namespace ?? '') || a.name.localeCompare(b.name))
    .slice(0, MOST_LISTED)
    .map((c) => `  ${word}/${c.name}${c.namespace === undefined ? '' : ` -n ${c.namespace}`}`)
    .join('\n');
  const more = fitting.length > MOST_LISTED ? `\n  and ${fitting.length - MOST_LISTED} more` : '';
  return {
    ok: false,
    failure: {
      code: 'bad-input',
      message: exact
        ? `${fitting.length} objects are called ${word}/${name}; which one do you mean?`
        : `${fitting.length} of kind ${kind} have names that begin with ${name}; which one do you mean?`,
      hint: `${list}${more}`,
    },
  };
}

/** The namespace where it is, a name like it, or what was looked at. */
function instead(kind: string, name: string, all: readonly Candidate[], within: readonly Candidate[], where: string): string {
  const word = kind.toLowerCase();
  const elsewhere = [...new Set(all.filter((c) => c.name === name).flatMap((c) => c.namespace ?? []))];
  if (elsewhere.length > 0)
    return `There is one in namespace ${elsewhere.slice(0, MOST_LISTED).join(', ')}: ${word}/${name} -n ${elsewhere[0] ?? ''}`;
  const near = nearest(
    name,
    within.map((c) => c.name),
  );
  if (near !== undefined) return `Did you mean ${word}/${near}?`;
  const begins = within.filter((c) => c.name.startsWith(name)).map((c) => c.name);
  if (begins.length > 0) return `Names that begin so: ${begins.slice(0, MOST_LISTED).join(', ')}.`;
  const far = nearest(
    name,
    all.map((c) => c.name),
  );
  const there = all.find((c) => c.name === far)?.namespace;
  if (far !== undefined && there !== undefined) return `Did you mean ${word}/${far} in namespace ${there}?`;
  return within.length === 0
    ? `${where} has no object of kind ${kind}${all.length > 0 ? ' there' : ''}.`
    : `${within.length} of kind ${kind} were looked at in ${where}.`;
}
