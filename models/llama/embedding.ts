import { type LlamaEmbeddingContext, type LlamaModel, type Token, LlamaLogLevel, getLlama } from 'node-llama-cpp';
import { type Load, type LoadedModel, Failed } from './protocol.ts';

/** Beyond this an embedding model of the BERT family ends the process: it has no more positions. */
const MOST_TOKENS = 512;
/** Of a window: the two special tokens around it, and one that the context wants free. */
const AROUND = 3;
/** A longer text is cut: this is about eight pages. */
const MOST_WINDOWS = 8;

export async function loadEmbedding({ path, threads, contextTokens }: Load): Promise<LoadedModel> {
  // Vectors of short texts are not worth the way to a graphics card.
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, maxThreads: threads, logLevel: LlamaLogLevel.disabled });
  const model = await llama.loadModel({ modelPath: path });
  const contextSize = Math.min(contextTokens, MOST_TOKENS, model.trainContextSize);
  const context = await model.createEmbeddingContext({ contextSize, batchSize: contextSize, threads });
  const dimensions = model.embeddingVectorSize;
  return {
    loaded: { dimensions, contextTokens: contextSize, gpu: false },
    carryOut: async (order, signal) => {
      if (order.type !== 'embed')
        throw new Failed({ code: 'bad-input', message: 'This model makes vectors, and cannot write.', hint: 'Choose an instruct model.' });
      const vectors: Float32Array[] = [];
      for (const text of order.texts) vectors.push(await vectorOf(text, { model, context, contextSize, dimensions }, signal));
      return { type: 'vectors', id: order.id, vectors };
    },
  };
}

interface Parts {
  readonly model: LlamaModel;
  readonly context: LlamaEmbeddingContext;
  readonly contextSize: number;
  readonly dimensions: number;
}

/** Of length 1; of a long text the mean over its windows, each weighing as much as it is long; of an empty one all zeros. */
async function vectorOf(text: string, { model, context, contextSize, dimensions }: Parts, signal: AbortSignal): Promise<Float32Array> {
  const sum = new Float32Array(dimensions);
  const tokens = model.tokenize(text);
  for (const window of windows(tokens, contextSize - AROUND)) {
    signal.throwIfAborted();
    const { vector } = await context.getEmbeddingFor(window);
    const weight = window.length / norm(vector);
    for (let i = 0; i < dimensions; i++) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0) * weight;
  }
  const length = norm(sum);
  return length === 0 ? sum : sum.map((x) => x / length);
}

function windows(tokens: Token[], size: number): Token[][] {
  const parts: Token[][] = [];
  for (let from = 0; from < tokens.length && parts.length < MOST_WINDOWS; from += size) parts.push(tokens.slice(from, from + size));
  return parts;
}

function norm(vector: Iterable<number>): number {
  let sum = 0;
  for (const x of vector) sum += x ** 2;
  return Math.sqrt(sum);
}
