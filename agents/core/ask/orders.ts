import { asksHow } from './understand.ts';

/** What a person orders to be done with one workload: it becomes a plan that waits, and is never done by asking. */
export type Order =
  | { readonly do: 'restart' }
  | { readonly do: 'scale'; readonly replicas: number }
  /** To how many was not said. */
  | { readonly do: 'scaleSomehow' }
  /** Something that is not taken as an order here. */
  | { readonly do: 'other'; readonly verb: string };

const POLITELY = "(?:please |now |then |just |ok(?:ay)?,? |can you |could you |would you |lets |let['’]s )*";
const RESTART = new RegExp(`^${POLITELY}(?:restart|bounce|redeploy|kick)\\b`);
const NUMBER = '(\\d{1,5}|zero|one|two|three|four|five|six|seven|eight|nine|ten)';
const SCALE = new RegExp(
  `^${POLITELY}(?:scale|set the replicas|set replicas|change the replicas|run|give)\\b.*\\b(?:to|with|at) ${NUMBER}(?: (?:replicas?|pods?|instances?|copies))?[.!]?$`,
);
const SOMEHOW = new RegExp(`^${POLITELY}scale\\b`);
/** What else is done to objects by those who run them. */
const OTHER = new RegExp(
  `^${POLITELY}(delete|remove|drain|cordon|uncordon|evict|suspend|unsuspend|resume|pause|unpause|roll ?back|undo|stop|start|kill|terminate|upgrade|downgrade|annotate|label|taint|resize|move|disable|enable|rename|wipe|purge|destroy) (?!an? )\\S`,
);
const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export function orderOf(question: string): Order | undefined {
  const text = question.toLowerCase().trim();
  if (asksHow(text)) return undefined;
  if (RESTART.test(text)) return { do: 'restart' };
  const [, number] = SCALE.exec(text) ?? [];
  if (number === undefined) {
    if (SOMEHOW.test(text)) return { do: 'scaleSomehow' };
    const [, verb] = OTHER.exec(text) ?? [];
    return verb === undefined ? undefined : { do: 'other', verb };
  }
  return { do: 'scale', replicas: WORDS.includes(number) ? WORDS.indexOf(number) : Number(number) };
}
