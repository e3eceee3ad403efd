/** Names on their way out and back: each becomes a word that says nothing, the same one everywhere, and comes back as what it was. */
export interface Hiding {
  hide(text: string): string;
  show(text: string): string;
}

const SHORTEST = 2;

export function hiding(names: readonly string[]): Hiding {
  // A long name may hold a short one.
  const known = [...new Set(names)].filter((n) => n.length >= SHORTEST).sort((a, b) => b.length - a.length);
  const stands = known.map((_, i) => `hidden-${String(i + 1)}`);
  const pattern = (words: readonly string[]) =>
    new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.map(escaped).join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
  if (known.length === 0) return { hide: (text) => text, show: (text) => text };
  return {
    hide: (text) => text.replaceAll(pattern(known), (name) => stands[known.indexOf(name)] ?? name),
    show: (text) => text.replaceAll(pattern(stands), (stand) => known[stands.indexOf(stand)] ?? stand),
  };
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&');
