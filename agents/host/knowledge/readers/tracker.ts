import { z } from 'zod';

const said = z.string().nullish();
const CommentSchema = z.object({ body: said, note: said, system: z.boolean().optional() });
const comments = z.array(z.union([CommentSchema, z.unknown().transform(() => ({ body: null, note: null, system: true }))])).catch([]);
const IssueSchema = z
  .object({
    number: z.number().optional(),
    iid: z.number().optional(),
    title: z.string(),
    body: said,
    description: said,
    state: z.string().optional(),
    updated_at: said,
    comments,
    comments_data: comments.optional(),
    notes: comments.optional(),
  })
  .refine(({ body, description }) => typeof body === 'string' || typeof description === 'string');
type Issue = z.output<typeof IssueSchema>;

export interface Ticket {
  readonly id: string;
  readonly at: string | null;
  readonly markdown: string;
}

/** Whether a file of JSON begins as one with issues may: most are none, and are not read. */
export const mayBeIssues = (begin: string): boolean => /"title"\s{0,9}:/.test(begin) && /"(?:body|description)"\s{0,9}:/.test(begin);

/** Issues as GitHub and GitLab give them, in a list, one alone, or one a line. None for what is something else. */
export function issuesOf(json: string): Ticket[] {
  return valuesOf(json).flatMap((value) => {
    const issue = IssueSchema.safeParse(value);
    return issue.success ? [ticket(issue.data)] : [];
  });
}

function valuesOf(json: string): unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : [value];
  } catch (error) {
    const lines = json.split('\n').filter((line) => line.trim() !== '');
    if (lines.length < 2) throw error;
    return lines.map((line) => JSON.parse(line) as unknown);
  }
}

function ticket({ number, iid, title, body, description, state, updated_at: at, ...talk }: Issue): Ticket {
  const answers = [...talk.comments, ...(talk.comments_data ?? []), ...(talk.notes ?? [])].filter(({ system }) => system !== true);
  // What GitLab does on being told so is no sentence.
  const words = (text: string) =>
    text
      .replaceAll('\r\n', '\n')
      .replaceAll(/^\/[a-z_]{2,30}\b.{0,300}$/gm, '')
      .trim();
  const texts = [body ?? description ?? '', ...answers.map((one) => one.body ?? one.note ?? '')].map(words).filter((text) => text !== '');
  const id = String(number ?? iid ?? title).slice(0, 100);
  return {
    id,
    at: at ?? null,
    markdown: `# ${title.replaceAll(/\s+/g, ' ')}\n\n${texts.map((text) => text.replaceAll(/^#(?=#{0,4}\s)/gm, '##')).join('\n\n')}\n${state === undefined ? '' : `\nState: ${state}\n`}`,
  };
}
