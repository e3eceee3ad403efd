/** Links into the app from outside: `quarterdeck://incidents/inc-4f2k`, as a chat or a ticket holds them. They show a place; nothing more. */

export const LINK_SCHEME = 'quarterdeck';

/** Places of the page that a link may lead to; what asks or decides something is reached from there, by a person. */
export const PLACES: readonly string[] = ['fleet', 'incidents', 'approvals', 'explore', 'ask', 'feed', 'agents', 'settings'];
const MOST = 2_000;

/** The address behind `#` that a link stands for; undefined where it is no link of ours. Its text is data: it is encoded anew, part by part. */
export function routeOfLink(link: string): string | undefined {
  if (link.length > MOST || !URL.canParse(link)) return undefined;
  const { protocol, hostname, pathname, username, password, port, search } = new URL(link);
  if (protocol !== `${LINK_SCHEME}:` || username !== '' || password !== '' || port !== '' || search !== '') return undefined;
  if (!PLACES.includes(hostname)) return undefined;
  const parts = pathname.split('/').filter((part) => part !== '');
  try {
    return `#/${[hostname, ...parts.map((part) => encodeURIComponent(decodeURIComponent(part)))].join('/')}`;
  } catch {
    return undefined;
  }
}

/** The first link of ours among a program's arguments: how Windows and Linux hand one on. */
export function linkAmong(args: readonly string[]): string | undefined {
  return args.find((arg) => arg.startsWith(`${LINK_SCHEME}://`));
}
