import { type ChatHistoryItem, type Llama, type LlamaGrammar, LlamaChatSession, LlamaLogLevel, getLlama } from 'node-llama-cpp';
import type { ModelPrompt } from '../../agents/contract/index.ts';
import { type Load, type LoadedModel, Failed } from './protocol.ts';

/** Between two parts of a prompt there is time to be told to stop. */
const BATCH = 128;
/** What the form of a conversation adds to its texts, an item. */
const FORM_TOKENS = 16;

export async function loadInstruct({ path, threads, contextTokens, gpu }: Load): Promise<LoadedModel> {
  const options = { build: 'never', skipDownload: true, maxThreads: threads, logLevel: LlamaLogLevel.disabled } as const;
  const llama = await getLlama({ ...options, gpu: gpu === 'auto' ? 'auto' : false });
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({
    contextSize: { max: Math.min(contextTokens, model.trainContextSize) },
    threads,
    batchSize: BATCH,
  });
  const session = new LlamaChatSession({ contextSequence: context.getSequence() });
  const { contextSize } = context;
  return {
    loaded: { dimensions: 0, contextTokens: contextSize, gpu: llama.gpu },
    carryOut: async (order, signal) => {
      if (order.type !== 'answer')
        throw new Failed({ code: 'bad-input', message: 'This model writes, and makes no vectors.', hint: 'Choose an embedding model.' });
      const { prompt, id } = order;
      const tokens = (text: string) => model.tokenize(text).length + FORM_TOKENS;
      const inputTokens = textsOf(prompt).reduce((sum, text) => sum + tokens(text), 0);
      // A prompt that does not fit would be cut without a word.
      if (inputTokens + prompt.maxTokens > contextSize)
        throw new Failed({
          code: 'bad-input',
          message: `The question is too long for this model: ${String(inputTokens)} tokens and room for the answer, of ${String(contextSize)}.`,
          hint: 'A model with a longer context could take it.',
        });
      // Or the next one would see the last one's.
      session.setChatHistory(historyOf(prompt));
      const said = await session.promptWithMeta(prompt.data, {
        grammar: await grammarOf(llama, prompt.schema),
        maxTokens: prompt.maxTokens,
        temperature: 0,
        budgets: { thoughtTokens: 0 },
        signal,
      });
      return {
        type: 'answered',
        id,
        answer: {
          text: said.responseText,
          cutOff: said.stopReason === 'maxTokens',
          inputTokens,
          outputTokens: model.tokenize(said.responseText).length,
        },
      };
    },
  };
}

const textsOf = ({ instructions, data, examples }: ModelPrompt) => [instructions, data, ...examples.flatMap((e) => [e.data, e.answer])];

function historyOf({ instructions, examples }: ModelPrompt): ChatHistoryItem[] {
  return [
    { type: 'system', text: instructions },
    ...examples.flatMap((e): ChatHistoryItem[] => [
      { type: 'user', text: e.data },
      { type: 'model', response: [e.answer] },
    ]),
  ];
}

const grammars = new Map<string, Promise<LlamaGrammar>>();

/** Made once for each form of answer: it takes a while. */
function grammarOf(llama: Llama, schema: ModelPrompt['schema']): Promise<LlamaGrammar> {
  const key = JSON.stringify(schema);
  const made = grammars.get(key) ?? llama.createGrammarForJsonSchema(schema as never);
  if (grammars.size > 32) grammars.clear();
  grammars.set(key, made);
  return made;
}
