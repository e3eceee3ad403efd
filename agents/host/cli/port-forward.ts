import { once } from 'node:events';
import { personHere } from '../person.ts';
import { EXIT, Refusal } from './exit.ts';
import { print } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';
import { currentContext } from './where.ts';

export const run: Run = (args, flags) => {
  const [target, ...ports] = args.flat() as (string | undefined)[];
  const wanted = ports.flatMap((p) => (p === undefined ? [] : [portsOf(p)]));
  if (target === undefined || wanted.length === 0)
    throw new Refusal({
      code: 'bad-input',
      message: 'Name what to forward to, and a port.',
      hint: 'quarterdeck port-forward svc/web 8080:80',
    });
  return withSession(flags, async ({ client }) => {
    const { context, namespace } = await currentContext(client, flags);
    const typed = flags['typeContext'];
    const by = personHere();
    const open: string[] = [];
    try {
      for (const { local, remote } of wanted) {
        const forward = await client.forward.open({
          context,
          namespace,
          target,
          port: remote,
          by,
          ...(local === undefined ? {} : { localPort: local }),
          ...(typeof typed === 'string' ? { typedContext: typed } : {}),
        });
        open.push(forward.id);
        print(
          flags.output === 'json'
            ? JSON.stringify(forward)
            : `127.0.0.1:${forward.localPort} -> ${forward.pod}:${forward.remotePort} in ${namespace} of ${context}`,
        );
      }
      if (flags.quiet !== true) process.stderr.write('Ctrl-C ends it.\n');
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    } finally {
      for (const id of open) await client.forward.close({ id, by }).catch(() => undefined);
    }
    return EXIT.ok;
  });
};

/** `80`, `http`, `8080:80`, `8080:http`. */
export function portsOf(words: string): { readonly local: number | undefined; readonly remote: number | string } {
  const [first = '', second] = words.split(':');
  const remote = second ?? first;
  const bad = (what: string) => new Refusal({ code: 'bad-input', message: `"${what}" is no port.`, hint: 'Write PORT, or LOCAL:PORT.' });
  if (remote === '' || words.split(':').length > 2) throw bad(words);
  if (second !== undefined && !isPort(first)) throw bad(first);
  if (/^\d+$/.test(remote) && !isPort(remote)) throw bad(remote);
  const number = /^\d+$/.test(remote) ? Number(remote) : remote;
  // As kubectl: one number alone is both, unless it is one only root may open.
  const local = second !== undefined ? Number(first) : typeof number === 'number' && number >= 1_024 ? number : undefined;
  return { local, remote: number };
}

const isPort = (text: string): boolean => /^\d+$/.test(text) && Number(text) > 0 && Number(text) < 65_536;
