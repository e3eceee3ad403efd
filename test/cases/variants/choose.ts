import { isControl } from '../case.ts';
import type { Script } from '../script.ts';
import { Dice } from './dice.ts';
import { canVary, readVariantId, variantOf } from './variant.ts';

/** So many variants of the cases, the same for the same seed; every case has its turn before one has a second. */
export function chooseVariants(scripts: readonly Script[], count: number, seed: number): Script[] {
  const dice = new Dice(seed);
  const able = dice.shuffled(scripts.filter(canVary));
  // One after the other from a first one: the kinds of workload of a case are gone through in turn.
  const firsts = new Map(able.map((s) => [s.case.id, dice.throw(36 ** 5)]));
  return Array.from({ length: able.length === 0 ? 0 : count }, (_, n) => {
    const script = able[n % able.length];
    if (script === undefined) throw new Error('There is no such case.');
    return variantOf(script, (firsts.get(script.case.id) ?? 0) + Math.floor(n / able.length));
  });
}

/** The variant of that id, made again. */
export function variantAgain(scripts: readonly Script[], text: string): Script | undefined {
  const wanted = readVariantId(text);
  const script = scripts.filter(canVary).find((s) => s.case.id === wanted?.id);
  return wanted === undefined || script === undefined ? undefined : variantOf(script, wanted.seed);
}

/** A share of the variants is repaired as well, as repairs take longer than all the rest: those whose plan is the one that the case expects. */
export function isRepaired(script: Script, n: number): boolean {
  return n % 3 === 0 && !isControl(script.case) && script.case.repair?.actions !== 'any';
}
