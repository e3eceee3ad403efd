import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const SplitSchema = z.enum(['tune', 'held', 'guides']);
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

/** What a check says of itself stands behind its runbook. */
const OWN_WORDS: Readonly<Record<string, string>> = { 'What it means': 'What the check looks for', 'What to do': 'What K8sAgent proposes' };

/** Whether what is quoted answers: the passage of that page and heading, or the page with it; for a field, where it is told of. */
export function answers(question: Question, { source, path, heading, text }: Place): boolean {
  return question.at.some((at) => {
    const [page = '', part = ''] = at.split('#');
    if (path !== page) return false;
    if (source === 'quarterdeck-runbooks' || source === 'quarterdeck-guides')
      return [part, OWN_WORDS[part]].some(
        (title) => title !== undefined && (heading.endsWith(`> ${title}`) || text.includes(`## ${title}`)),
      );
    const dot = part.lastIndexOf('.');
    const above = dot === -1 ? 'at the top' : part.slice(0, dot);
    const last = part.slice(dot + 1);
    const bare = (name: string) => name.replace(/\[\]$/, '');
    // Headings of what is quoted: its own, and those in it where a short page is quoted as a whole. A list is told of with its brackets.
    const headings = [heading, ...[...text.matchAll(/^## (.+)$/gm)].map(([, title = '']) => ` ${title}`)].map((one) =>
      one.replace(/\[\]$/, ''),
    );
    return headings.some((one) => one.endsWith(` ${part}`) || (one.endsWith(` ${bare(above)}`) && text.includes(`\`${last}\``)));
  });
}
