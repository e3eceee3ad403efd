import type { AutonomyState } from '../../agents/contract/index.ts';

/** What the agents may do now without asking, in a few words, and in a sentence. */
export function autonomyWords(
  autonomy: AutonomyState | undefined,
  held: boolean,
): { readonly short: string; readonly long: string; readonly bad: boolean } {
  if (held) return { short: 'All agents are held', long: 'Nothing is proposed, approved or changed until they are let go on', bad: true };
  if (autonomy === undefined) return { short: '', long: '', bad: false };
  if (autonomy.rules === null)
    return {
      short: 'The rules cannot be read',
      long: `Nothing can be approved: ${autonomy.problem ?? 'they are not well-formed'}`,
      bad: true,
    };
  const { rules } = autonomy.rules;
  const count = (give: string) => rules.filter((r) => r.give === give).length;
  const auto = count('auto');
  if (auto === 0 && count('observe') === 0)
    return { short: 'Agents ask for everything', long: 'No plan is carried out unless a person approves it', bad: false };
  const parts = [
    auto === 0
      ? 'nothing is approved by a rule'
      : `${auto} ${auto === 1 ? 'rule approves' : 'rules approve'} by ${auto === 1 ? 'itself' : 'themselves'}`,
    count('observe') === 0 ? '' : `${count('observe')} only ${count('observe') === 1 ? 'shows' : 'show'} what would be done`,
    'everything else asks',
  ].filter((p) => p !== '');
  return {
    short: auto === 0 ? 'Agents ask, or only show' : `Agents ask, or act by ${auto} ${auto === 1 ? 'rule' : 'rules'}`,
    long: parts.join('; '),
    bad: false,
  };
}
