import { z } from 'zod';

const text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(''))]);
const NotebookSchema = z.object({
  cells: z.array(z.object({ cell_type: z.string(), source: text })),
  metadata: z.object({ language_info: z.object({ name: z.string() }).optional() }).optional(),
});

/** A notebook (nbformat 4): its texts, and its code as such. What the code printed is of one run, and is not read. @throws ZodError, SyntaxError */
export function notebookToMarkdown(json: string): string {
  const { cells } = NotebookSchema.parse(JSON.parse(json));
  return `${cells
    .map(({ cell_type: kind, source }) => {
      if (kind !== 'code') return source.trim();
      if (source.trim() === '') return '';
      const fence = '`'.repeat(Math.max(3, ...[...source.matchAll(/`{1,100}/g)].map(([run]) => run.length + 1)));
      return `${fence}\n${source.trimEnd()}\n${fence}`;
    })
    .filter((said) => said !== '')
    .join('\n\n')}\n`;
}
