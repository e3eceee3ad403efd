import { personHere } from '../person.ts';
import { EXIT, Refusal } from './exit.ts';
import { age, columns, plain, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = ([action = 'list', code = ''], flags) =>
  withSession(
    flags,
    async ({ client: { runbooks } }) => {
      if (action !== 'list' && code === '')
        throw new Refusal({
          code: 'bad-input',
          message: `runbooks ${action} needs ${action === 'for' ? 'the id of an incident' : 'the code of a check'}.`,
          hint: action === 'for' ? 'quarterdeck incidents lists them.' : 'For example quarterdeck runbooks show SVC-001.',
        });
      switch (action) {
        case 'list': {
          const answer = await runbooks.list({});
          show(flags, answer, () =>
            answer.runbooks.length === 0
              ? 'Nothing has been learned yet: a runbook is proposed when an incident was repaired.'
              : columns(
                  ['code', 'version', 'proposed', 'accepted', 'title'],
                  answer.runbooks.map((r) => [r.code, `${r.version}`, r.proposal === null ? '' : age(r.proposal.at), age(r.at), r.title]),
                ),
          );
          return EXIT.ok;
        }
        case 'for': {
          const picked = await runbooks.pick({ incident: code });
          show(flags, picked, () =>
            picked.pages.length === 0
              ? `Nothing that is written is about ${code}.`
              : columns(
                  ['page', 'heading', 'trust', 'opens with'],
                  picked.pages.map((p) => [
                    `${p.source}/${p.path}`,
                    plain(p.heading),
                    p.trust,
                    `quarterdeck knowledge show ${p.source} --page ${p.path}`,
                  ]),
                ),
          );
          if (picked.by !== null && flags.quiet !== true)
            process.stderr.write(`Those after the pages of its own code were chosen by ${picked.by.model} (${picked.by.where}).\n`);
          return EXIT.ok;
        }
        case 'show': {
          const runbook = await runbooks.show({ code });
          show(flags, runbook, () =>
            [
              ...(runbook.text === '' ? [] : [plain(runbook.text).trimEnd()]),
              ...(runbook.proposal === null
                ? []
                : [
                    `\nProposed ${age(runbook.proposal.at)} ago, after ${runbook.proposal.incident}; accept it with quarterdeck runbooks accept ${code}:\n`,
                    plain(runbook.proposal.diff).trimEnd(),
                  ]),
            ].join('\n'),
          );
          return EXIT.ok;
        }
        case 'accept':
        case 'reject': {
          const hash = typeof flags['hash'] === 'string' ? flags['hash'] : (await runbooks.show({ code })).proposal?.hash;
          if (hash === undefined) throw new Refusal({ code: 'not-found', message: `Nothing is proposed for ${code}.` });
          const reason = typeof flags['reason'] === 'string' ? { reason: flags['reason'] } : {};
          const runbook =
            action === 'accept'
              ? await runbooks.accept({ code, hash, by: personHere() })
              : await runbooks.reject({ code, hash, by: personHere(), ...reason });
          show(flags, runbook, () => (action === 'accept' ? `${code} is at version ${runbook.version}.` : `${code} stays as it is.`));
          return EXIT.ok;
        }
        case 'history': {
          const answer = await runbooks.history({ code });
          show(flags, answer, () =>
            columns(
              ['version', 'accepted', 'by', 'after'],
              answer.versions.map((v) => [`${v.version}`, age(v.at), v.by, v.incident ?? '-']),
            ),
          );
          return EXIT.ok;
        }
        default:
          throw new Refusal({
            code: 'bad-input',
            message: `runbooks has no action ${action}.`,
            hint: 'list, for, show, accept, reject, history.',
          });
      }
    },
    false,
  );
