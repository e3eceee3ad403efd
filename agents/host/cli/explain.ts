import { ReaderSchema } from '../../contract/index.ts';
import { EXIT, Refusal } from './exit.ts';
import { plain, progress, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = ([incident = ''], flags) => {
  const reader = ReaderSchema.safeParse(flags['for']);
  if (!reader.success) throw new Refusal({ code: 'bad-input', message: '--for takes operator, manager or developer.' });
  return withSession(flags, async ({ client }) => {
    const bar = progress(flags);
    bar.say('Putting it into words…');
    const explanation = await client.explain.incident({ id: incident, for: reader.data }).finally(() => bar.done());
    const { text, by, refused } = explanation;
    show(flags, explanation, () => plain(text));
    if (refused !== null && flags.quiet !== true) process.stderr.write(`The words are the template's: ${plain(refused)}.\n`);
    else if (by !== null && flags.quiet !== true)
      process.stderr.write(`Worded by ${by.model} (${by.where}), and held against the facts.\n`);
    return EXIT.ok;
  });
};
