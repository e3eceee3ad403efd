import type { KnowledgeSource, VectorState } from '../../agents/contract/index.ts';

const many = (count: number, one: string) => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;

export function stateWords({
  state,
  progress,
  documents,
  passages,
}: Pick<KnowledgeSource, 'state' | 'progress' | 'documents' | 'passages'>): string {
  if (state !== 'reading') return `${many(documents, 'document')}, ${many(passages, 'passage')}`;
  const { done = 0, total = null } = progress ?? {};
  return total === null ? `Reading: ${many(done, 'file')} so far` : `Reading: ${done.toLocaleString('en')} of about ${many(total, 'file')}`;
}

export function howFar({ model, done, total, state, problem }: VectorState): string {
  if (model === null) return 'Passages are found by their words: no embedding model is set up.';
  if (state === 'done') return `All ${total.toLocaleString('en')} passages can also be found by what they mean.`;
  const far = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} passages can also be found by what they mean`;
  return problem === null ? `${far}; the rest follows in the background.` : `${far}. ${problem}`;
}

export const FORM_WORDS: Readonly<Record<KnowledgeSource['form'], string>> = {
  builtIn: 'built in',
  files: 'files',
  confluence: 'Confluence export',
  slack: 'Slack export',
  stackOverflow: 'Stack Exchange dump',
  kubernetesDocs: 'Kubernetes documentation',
};

export const TRUST_WORDS: Readonly<Record<KnowledgeSource['trust'], string>> = {
  own: 'our own',
  vendor: 'of its maker',
  public: 'by anybody',
};

/** A passage as text and code by turns, text first: fences are left out, and one that was cut off in the passage is text. */
export const textAndCode = (passage: string): readonly string[] => passage.split(/^```[^\n]*\n([\s\S]*?)^```[ \t]*$\n?/m);
