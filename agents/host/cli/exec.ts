import { personHere } from '../person.ts';
import { Refusal } from './exit.ts';
import { plain } from './print.ts';
import { type Client, withSession } from './session.ts';
import type { Run } from './verb.ts';
import { currentContext } from './where.ts';

/** What a shell says of a command it could not run (POSIX, 2.8.2). */
const CANNOT_RUN = 126;

export const run: Run = (args, flags) => {
  const [target, ...rest] = args.flat() as (string | undefined)[];
  const command = rest.filter((word) => word !== undefined);
  if (target === undefined || command.length === 0)
    throw new Refusal({
      code: 'bad-input',
      message: 'Name a pod and a command.',
      hint: 'quarterdeck exec checkout-7d9f -n shop -it -- sh',
    });
  const tty = flags['tty'] === true;
  const stdin = flags['stdin'] === true || tty;
  if (tty && !(process.stdin.isTTY && process.stdout.isTTY))
    throw new Refusal({
      code: 'bad-input',
      message: '-t needs a terminal, and there is none here.',
      hint: 'Leave it out, or pass -i alone.',
    });
  return withSession(flags, async ({ client }) => {
    const { context, namespace } = await currentContext(client, flags);
    const container = flags['container'];
    const typed = flags['typeContext'];
    const stream = await client.exec.open({
      context,
      namespace,
      target,
      command,
      tty,
      stdin,
      by: personHere(),
      ...(typeof container === 'string' ? { container } : {}),
      ...(typeof typed === 'string' ? { typedContext: typed } : {}),
      ...(tty ? { size: { columns: process.stdout.columns, rows: process.stdout.rows } } : {}),
    });
    let leave: () => void = () => undefined;
    let exit = CANNOT_RUN;
    try {
      for await (const event of stream) {
        if (event.type === 'opened') leave = attend(client, event.session, { tty, stdin });
        else if (event.type === 'output') {
          const out = event.stream === 'stderr' ? process.stderr : process.stdout;
          if (!out.write(Buffer.from(event.data, 'base64'))) await new Promise((resolve) => out.once('drain', resolve));
        } else {
          if (event.message !== '') process.stderr.write(`${plain(event.message)}\n`);
          exit = event.exitCode ?? CANNOT_RUN;
        }
      }
    } finally {
      leave();
    }
    return exit;
  });
};

/** Carries the keyboard to the session; returns how to stop. In the order they were typed, however long one takes to be sent. */
function attend(client: Client, session: string, { tty, stdin }: { tty: boolean; stdin: boolean }): () => void {
  let sending: Promise<unknown> = Promise.resolve();
  const send = (data: Buffer, end = false): void => {
    sending = sending.then(() => client.exec.send({ session, data: data.toString('base64'), end })).catch(() => undefined);
  };
  const typed = (chunk: Buffer): void => send(chunk);
  const ended = (): void => send(Buffer.alloc(0), true);
  const resized = (): void =>
    void client.exec.resize({ session, columns: process.stdout.columns, rows: process.stdout.rows }).catch(() => undefined);
  if (stdin) process.stdin.on('data', typed).on('end', ended);
  // Every key is the command's, Ctrl-C too.
  if (tty) process.stdin.setRawMode(true);
  if (tty) process.stdout.on('resize', resized);
  return () => {
    process.stdin.off('data', typed).off('end', ended);
    process.stdout.off('resize', resized);
    if (tty) process.stdin.setRawMode(false);
    process.stdin.pause();
    (process.stdin as { unref?: () => void }).unref?.();
  };
}
