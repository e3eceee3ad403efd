import type { AppParts } from '../app-parts.ts';
import { found, must, os } from './os.ts';

/** Shells and tunnels. */
export function interactiveProcedures({ interactive }: AppParts) {
  return {
    exec: {
      open: os.exec.open.handler(async function* ({ input, errors }) {
        for await (const event of interactive.exec(input)) yield must(event, errors);
      }),
      send: os.exec.send.handler(async ({ input, errors }) => {
        const session = found(interactive.session(input.session), `session ${input.session}`, errors);
        await session.send(Buffer.from(input.data, 'base64'));
        if (input.end) await session.endInput();
        return {};
      }),
      resize: os.exec.resize.handler(async ({ input, errors }) => {
        await found(interactive.session(input.session), `session ${input.session}`, errors).resize(input.columns, input.rows);
        return {};
      }),
      close: os.exec.close.handler(({ input, errors }) => {
        found(interactive.session(input.session), `session ${input.session}`, errors).close();
        return {};
      }),
    },
    forward: {
      open: os.forward.open.handler(async ({ input, errors }) => must(await interactive.forward(input), errors)),
      list: os.forward.list.handler(() => ({ forwards: [...interactive.forwards()] })),
      close: os.forward.close.handler(async ({ input, errors }) => {
        found((await interactive.closeForward(input.id, input.by)) || undefined, `forwarded port ${input.id}`, errors);
        return {};
      }),
    },
  };
}
