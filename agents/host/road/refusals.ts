import { type ActionSpec, type Failure, refWords } from '../../contract/index.ts';

/** Drafts that become no plan, whatever the cluster says. */

/** A plan is stored, shown and exported with all it says. */
export const statesSecret = ({ target }: ActionSpec): Failure => ({
  code: 'plan-refused',
  message: `The plan would carry a value of ${refWords(target)}, and Quarterdeck keeps no values of Secrets.`,
  hint: 'Set the value where Secrets are made, then diagnose again.',
});

/** An agent changes only kinds that it declares. */
export const beyond = (agent: string, { target }: ActionSpec): Failure => ({
  code: 'plan-refused',
  message: `The agent ${agent} does not say that it deals with objects like ${refWords(target)}, so it may not propose to change one.`,
});
