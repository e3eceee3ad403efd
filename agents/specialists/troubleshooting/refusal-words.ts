/** How the API server words why a pod is not let in. The texts are those of Kubernetes; what they quote is data. */

/** What refused a pod, as far as the words say. */
export type RefusedBy =
  | { readonly by: 'quota' }
  | { readonly by: 'limits' }
  | { readonly by: 'podSecurity'; readonly level: string; readonly violations: readonly string[] }
  | { readonly by: 'webhookFailed'; readonly webhook: string; readonly host: string | undefined; readonly reason: string }
  | { readonly by: 'webhookDenied'; readonly webhook: string; readonly reason: string }
  | { readonly by: 'policy'; readonly policy: string; readonly reason: string }
  | { readonly by: 'serviceAccount'; readonly namespace: string; readonly name: string }
  | { readonly by: 'class'; readonly kind: 'PriorityClass' | 'RuntimeClass'; readonly name: string }
  | { readonly by: 'other'; readonly reason: string };

const LIMIT_RULE =
  /(?:(?:minimum|maximum) \S+ usage per \w+ is|\S+ max limit to request ratio per \w+ is|must be less than or equal to \S+ limit of)/;

export function refusedBy(text: string): RefusedBy {
  if (/exceeded quota: |failed quota: /.test(text)) return { by: 'quota' };
  const security = /violates PodSecurity "([^":]+)[^"]*": (.+)$/s.exec(text);
  if (security !== null) return { by: 'podSecurity', level: security[1] ?? '', violations: topLevel(security[2] ?? '') };
  const failed = /failed calling webhook "([^"]+)": (.+)$/s.exec(text);
  if (failed !== null) {
    const reason = failed[2] ?? '';
    const url = /Post "?https?:\/\/([^/"?\s]+)\S*?"?: (.+)$/s.exec(reason);
    return { by: 'webhookFailed', webhook: failed[1] ?? '', host: url?.[1], reason: url?.[2] ?? reason };
  }
  const denied = /admission webhook "([^"]+)" denied the request(?: without explanation|: (.+))?/s.exec(text);
  if (denied !== null) return { by: 'webhookDenied', webhook: denied[1] ?? '', reason: denied[2] ?? '' };
  const policy = /ValidatingAdmissionPolicy '([^']+)'(?: with binding '[^']*')? denied request: (.+)$/s.exec(text);
  if (policy !== null) return { by: 'policy', policy: policy[1] ?? '', reason: policy[2] ?? '' };
  const account = /error looking up service account ([^/\s]+)\/([^:\s]+): serviceaccount "[^"]+" not found/.exec(text);
  if (account !== null) return { by: 'serviceAccount', namespace: account[1] ?? '', name: account[2] ?? '' };
  const priority = /no PriorityClass with name (\S+) was found/.exec(text);
  if (priority !== null) return { by: 'class', kind: 'PriorityClass', name: priority[1] ?? '' };
  const runtime = /RuntimeClass "([^"]+)" not found/.exec(text);
  if (runtime !== null) return { by: 'class', kind: 'RuntimeClass', name: runtime[1] ?? '' };
  if (LIMIT_RULE.test(text)) return { by: 'limits' };
  return { by: 'other', reason: /is (?:forbidden|invalid): (.+)$/s.exec(text)?.[1] ?? text };
}

/** The parts of a list whose parts may hold commas in brackets of their own. */
function topLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const letter of text) {
    if ('([{'.includes(letter)) depth++;
    if (')]}'.includes(letter)) depth--;
    if (letter === ',' && depth <= 0) {
      parts.push(part.trim());
      part = '';
    } else part += letter;
  }
  return [...parts, part.trim()].filter((p) => p !== '');
}
