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

const ADDRESS =
  /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w/.-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?=[:/]|\.(?:\s|$)|[^\w.-]|$)/gi;
/** What has points in it and is nobody's: groups of the API, fields, versions, files. */
const NOBODYS =
  /(?:^|\.)k8s\.io$|kubernetes\.io$|^(?:spec|status|metadata|data|e\.g|i\.e)(?:\.|$)|^v?[\d.]+$|\.(?:ya?ml|json|md|sh|conf|txt|log)$/i;

/** Mail addresses, IP addresses and names of hosts in texts, told by their form. */
export function addressesIn(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) => text.match(ADDRESS) ?? []);
  return [...new Set(found)].filter((a) => a.includes('@') || /^\d+(?:\.\d+){3}$/.test(a) || !NOBODYS.test(a));
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&');
