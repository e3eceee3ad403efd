/** Where bundles keep the logs of containers. What a path says is the only thing that tells whose log it is. */

export interface LogPlace {
  readonly namespace: string;
  readonly pod: string;
  /** Undefined where one file holds all containers of the pod, under headings. */
  readonly container: string | undefined;
  readonly previous: boolean;
}

const NAME = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?';
/** `namespaces/shop/pods/web-1/app/app/logs/current.log` */
const NESTED = new RegExp(`(?:^|/)(?:namespaces/)?(${NAME})/pods/(${NAME})/(${NAME})/\\3/logs/(current|previous)\\.log$`);
/** `shop/web-1/logs.txt`: the dump of kubectl. */
const DUMP = new RegExp(`(?:^|/)(${NAME})/(${NAME})/logs\\.txt$`);
/** `shop/web-1/app.log`, `pods/shop/web-1/app-previous.log`, `shop/pods/web-1/app.previous.log`. */
const FLAT = new RegExp(`(?:^|/)(${NAME})/(?:pods/)?(${NAME})/(${NAME})\\.(?:log|txt)$`);
const PREVIOUS = /[-._]previous$/;

export function logPlace(path: string): LogPlace | undefined {
  const plain = path.replaceAll('\\', '/');
  const nested = NESTED.exec(plain);
  if (nested !== null) return place(nested[1], nested[2], nested[3], nested[4] === 'previous');
  const dump = DUMP.exec(plain);
  if (dump !== null) return place(dump[1], dump[2], undefined, false);
  const [, namespace, pod, container] = FLAT.exec(plain) ?? [];
  return container === undefined ? undefined : place(namespace, pod, container.replace(PREVIOUS, ''), PREVIOUS.test(container));
}

const place = (namespace = '', pod = '', container: string | undefined, previous: boolean): LogPlace => ({
  namespace,
  pod,
  container,
  previous,
});

export const isAboutLogs = (path: string): boolean => logPlace(path) !== undefined;

const START = /^==== START logs for container (\S+) of pod ([^/\s]+)\/(\S+) ====$/;
const END = /^==== END logs for container /;

/** The logs in a text with the headings of `kubectl cluster-info dump`. */
export function headedLogs(text: string): readonly (LogPlace & { readonly container: string; readonly lines: readonly string[] })[] {
  const all: { place: LogPlace & { container: string }; lines: string[] }[] = [];
  let open: { place: LogPlace & { container: string }; lines: string[] } | undefined;
  for (const line of text.split('\n')) {
    const start = START.exec(line);
    if (start !== null) {
      open = { place: { namespace: start[2] ?? '', pod: start[3] ?? '', container: start[1] ?? '', previous: false }, lines: [] };
      all.push(open);
    } else if (END.test(line)) open = undefined;
    else open?.lines.push(line.endsWith('\r') ? line.slice(0, -1) : line);
  }
  return all.map(({ place: where, lines }) => ({ ...where, lines }));
}
