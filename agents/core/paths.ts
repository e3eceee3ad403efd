/** `spec.template.spec.volumes[0].configMap.name`: how people and findings write a field. */

/** The JSON pointer (RFC 6901) of a dotted path; keys with dots or slashes are written `labels["app.kubernetes.io/name"]`. */
export function pointer(path: string): string {
  const steps = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  let result = '';
  for (const [, quoted, index, plain] of steps)
    result += `/${(quoted === undefined ? (index ?? plain ?? '') : unquote(quoted)).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return result;
}

/** `field` writes a key as a JSON string; a hand-written one may hold a lone backslash, which stands for itself. */
function unquote(quoted: string): string {
  try {
    return JSON.parse(`"${quoted}"`) as string;
  } catch {
    return quoted;
  }
}

/** `labels["app.kubernetes.io/name"]` or `labels.app`: appends a key to a dotted path. */
export function field(path: string, key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
