import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const SplitSchema = z.enum(['tune', 'held']);
const FileSchema = z.strictObject({
  questions: z.array(
    z.strictObject({ ask: z.string(), at: z.array(z.string()).min(1), words: z.enum(['same', 'other']), split: SplitSchema }),
  ),
  nowhere: z.array(z.strictObject({ ask: z.string(), split: SplitSchema })),
});
export type Question = z.output<typeof FileSchema>['questions'][number];

export const readQuestions = () => FileSchema.parse(parse(readFileSync(new URL('./questions.yaml', import.meta.url), 'utf8')));

export interface Place {
  readonly source: string;
  readonly path: string;
  readonly heading: string;
  readonly text: string;
}

/** What a check says of itself stands on one page with headings of its own: its first part means, the other proposes. */
const onCheckPage = (heading: string) => (heading.includes(' > What ') ? 'What to do' : 'What it means');

/** Whether a passage is one that answers: by its page and heading, or by its page and the field it tells of. */
export function answers(question: Question, { source, path, heading, text }: Place): boolean {
  return question.at.some((at) => {
    const [page = '', part = ''] = at.split('#');
    if (path !== page) return false;
    if (source === 'quarterdeck-checks') return onCheckPage(heading) === part;
    if (source === 'quarterdeck-runbooks') return heading.endsWith(`> ${part}`);
    const dot = part.lastIndexOf('.');
    const above = dot === -1 ? 'at the top' : part.slice(0, dot);
    const last = part.slice(dot + 1);
    // A list is told of with its brackets.
    return heading.replace(/\[\]$/, '').endsWith(` ${part}`) || (heading.endsWith(` ${above}`) && text.includes(`\`${last}\``));
  });
}
