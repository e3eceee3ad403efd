import type { Answer, Citation } from '../../contract/ask.ts';
import { refWords } from '../../contract/index.ts';
import { EXIT, Refusal } from './exit.ts';
import { age, columns, paint, plain, progress, show } from './print.ts';
import { withSession } from './session.ts';
import type { CommonFlags } from './flags.ts';
import type { Run } from './verb.ts';

export const run: Run = ([question = ''], flags) => {
  const { history, forget } = flags;
  const isContinued = flags['continue'] === true;
  if (question === '' && history !== true && typeof forget !== 'string')
    throw new Refusal({
      code: 'bad-input',
      message: 'What is the question?',
      hint: 'For example quarterdeck ask "why does checkout crash?"',
    });
  return withSession(
    flags,
    async ({ client }) => {
      if (typeof forget === 'string') {
        const gone = await client.ask.forget({ session: forget });
        show(flags, gone, () => `${forget} is deleted, ${gone.forgotten} answers with it.`);
        return EXIT.ok;
      }
      if (history === true) {
        const known = await client.ask.sessions({});
        show(flags, known, () =>
          known.sessions.length === 0
            ? 'Nothing has been asked yet.'
            : columns(
                ['conversation', 'asked', 'answers', 'began with'],
                known.sessions.map((s) => [s.id, age(s.at), `${s.turns}`, s.title]),
              ),
        );
        return EXIT.ok;
      }
      const latest = isContinued ? (await client.ask.sessions({})).sessions[0]?.id : undefined;
      const session = typeof flags['session'] === 'string' ? flags['session'] : latest;
      const [context] = flags.context;
      const live = progress(flags);
      const stream = await client.ask.follow({
        question,
        namespaces: [...flags.namespace],
        ...(session === undefined ? {} : { session }),
        ...(context === undefined ? {} : { context }),
      });
      let answer: Answer | undefined;
      try {
        for await (const notice of stream) {
          if (notice.type === 'doing') live.say(`${notice.words}…`);
          else answer = notice.answer;
        }
      } finally {
        live.done();
      }
      if (answer === undefined) throw new Refusal({ code: 'internal', message: 'No answer came.' });
      const said = answer;
      show(flags, said, () => answerLines(flags, said).join('\n'));
      return EXIT.ok;
    },
    false,
  );
};

function answerLines(flags: CommonFlags, { sentences, citations, session }: Answer): string[] {
  return [
    ...sentences.map(({ lead, text, cites }) => {
      const numbers = cites.map((c) => `[${c}]`).join('');
      const head = lead === null ? '' : `${paint(flags, 'bold', `${lead}:`)} `;
      const said = plain(text);
      return said.includes('\n') ? `${head.trimEnd()}\n${said}\n${numbers}` : `${head}${said}${numbers === '' ? '' : ` ${numbers}`}`;
    }),
    ...(citations.length === 0 ? [] : ['', ...citations.map((c) => `[${c.n}] ${plain(placeWords(c))}`)]),
    '',
    `Ask on with --session ${session}, or --continue.`,
  ];
}

/** Where a citation leads, and how one opens it. */
function placeWords(c: Citation): string {
  switch (c.kind) {
    case 'incident':
      return `incident ${c.id} (${c.code}): quarterdeck report ${c.id}`;
    case 'evidence':
      return `${c.of} ${c.source ?? ''} of ${refWords(c.resource)}, in incident ${c.incident}`.replace('  ', ' ');
    case 'ruledOut':
      return `ruled out in ${c.context}`;
    case 'plan':
      return `plan ${c.id}, hash ${c.hash.slice(0, 12)}: quarterdeck plans ${c.id}`;
    case 'read':
      return `${c.resource === null ? c.of : `${c.of} of ${refWords(c.resource)}`}${c.context === null ? '' : ` in ${c.context}`}: ${c.source}`;
    case 'past':
      return `incident ${c.incident} in ${c.context}, over since ${c.at}: quarterdeck report ${c.incident}; entries ${c.opened} to ${c.resolved} of quarterdeck events`;
    case 'passage':
      return `${c.source}/${c.path}:${c.line} ${c.heading} (${c.trust}): quarterdeck knowledge show ${c.source} --page ${c.path}`;
  }
}
