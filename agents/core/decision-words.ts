import { type Plan, type Reach, refWords } from '../contract/index.ts';

/** What a person who decides should know, in words. */

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** `Deployment shop/web comes from Argo CD (Application web), which would put it back`. */
export const managedReasons = (managedBy: Plan['managedBy']): string[] =>
  managedBy.map(({ resource, by, name, putsBack, because }) =>
    by === 'a person'
      ? `${refWords(resource)}: ${because}`
      : `${refWords(resource)} comes from ${by} (${name})${putsBack ? ', which would put it back' : ', whose next upgrade may put it back'}`,
  );

/** `restarts 3 pods, 2 of them ready`, and budgets that do not allow it. */
export function reachReasons(reach: Reach | undefined): string[] {
  if (reach === undefined) return [];
  const { restarts, ready, dependents, more, budgets } = reach;
  const closed = budgets.filter((b) => b.allows === 0);
  return [
    ...(restarts === 0 ? [] : [`restarts ${count(restarts, 'pod')}${ready === restarts ? '' : `, ${ready} of them ready`}`]),
    ...(dependents.length === 0
      ? []
      : [`${count(dependents.length + more, 'object')} ${dependents.length + more === 1 ? 'depends' : 'depend'} on it`]),
    ...closed.map((b) => `${refWords(b.resource)} allows no disruption now`),
  ];
}
