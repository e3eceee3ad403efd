/** Between the parts of a value that may each be an address: lists, `tcp(db:3306)`, `host=db port=5432`. */
const BETWEEN = /[\s,;=()|"'`[\]{}<>]+/;
const HOST = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.?$/;

/**
 * The hosts a text names as addresses: with a scheme, a port or a dot, or, with `bare`, as a word of its own. Paths, users and
 * passwords are not hosts. Lower case, without a trailing dot.
 */
export function hostsIn(text: string, bare: boolean): string[] {
  const hosts = new Set<string>();
  for (const part of text.replaceAll(/\/\/[^\s/]*@/g, '//').split(BETWEEN)) {
    if (part === '' || part.startsWith('/') || part.startsWith('.') || part.startsWith('-')) continue;
    const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(part)?.[0] ?? '';
    const authority = part.slice(scheme.length).split(/[/?#]/, 1)[0] ?? '';
    const [host = '', port] = (authority.split('@').at(-1) ?? '').toLowerCase().split(':');
    if (!HOST.test(host) || (port !== undefined && !/^\d{1,5}$/.test(port))) continue;
    if (scheme !== '' || port !== undefined || host.includes('.') || bare) hosts.add(host.replace(/\.$/, ''));
  }
  return [...hosts];
}
