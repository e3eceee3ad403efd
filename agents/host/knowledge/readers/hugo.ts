/** Files of examples that a page shows, by the name it calls them. */
export type Example = (file: string) => Promise<string | undefined>;

/** A page of a documentation site made with Hugo, as the Kubernetes documentation is, without the marks of its maker. */
export async function hugoToMarkdown(text: string, example: Example): Promise<string> {
  const shown = new Map<string, string>();
  for (const [, file = ''] of text.matchAll(/\{\{[<%]\s*(?:code_sample|codenew|code)\s[^}]*?file="([^"]+)"[^}]*[>%]\}\}/g)) {
    const code = await example(file);
    shown.set(file, code === undefined ? '' : `\n\`\`\`\n${code.trimEnd()}\n\`\`\`\n`);
  }
  return text
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/\{\{[<%]\s*(?:code_sample|codenew|code)\s[^}]*?file="([^"]+)"[^}]*[>%]\}\}/g, (_, file: string) => shown.get(file) ?? '')
    .replaceAll(
      /\{\{[<%]\s*(?:glossary_tooltip|glossary_definition)\s([^}]*)[>%]\}\}/g,
      (_, given: string) => named(given, 'text') ?? named(given, 'term_id') ?? '',
    )
    .replaceAll(/\{\{[<%]\s*feature-state\s([^}]*)[>%]\}\}/g, (_, given: string) => featureState(given))
    .replaceAll(/\{\{[<%]\s*(?:heading|skew|param|version-check|latest-\w+)\s*"?([^"}]*?)"?\s*[>%]\}\}/g, (_, word: string) =>
      word.replace('whatsnext', "What's next").trim(),
    )
    .replaceAll(/\{\{[<%]\s*(note|caution|warning)\s*[>%]\}\}/g, (_, kind: string) => `\n${kind[0]?.toUpperCase() ?? ''}${kind.slice(1)}: `)
    .replaceAll(
      /\{\{[<%]\s*(?:tab|details)\s([^}]*)[>%]\}\}/g,
      (_, given: string) => `\n${named(given, 'name') ?? named(given, 'summary') ?? ''}\n`,
    )
    .replaceAll(/\{\{[<%][^}]*[>%]\}\}/g, '')
    .replaceAll(/^(#{1,6}\s.*?)\s*\{#[\w-]+\}\s*$/gm, '$1')
    .replaceAll(/(?<!!)\[([^\]\n]+)\]\((?:\/|#|https?:)[^)\s]*\)/g, '$1');
}

const named = (given: string, name: string) => new RegExp(`${name}="([^"]*)"`).exec(given)?.[1];

function featureState(given: string): string {
  const [version, state, gate] = [named(given, 'for_k8s_version'), named(given, 'state'), named(given, 'feature_gate_name')];
  if (gate !== undefined) return `Behind the feature gate ${gate}.`;
  return version === undefined ? '' : `Feature state: ${state ?? 'known'} since Kubernetes ${version}.`;
}
