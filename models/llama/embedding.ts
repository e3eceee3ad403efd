import { type LlamaEmbeddingContext, type Token, LlamaLogLevel, getLlama } from 'node-llama-cpp';
import { type Load, type LoadedModel, Failed } from './protocol.ts';

/** Beyond this an embedding model of the BERT family ends the process: it has no more positions. */
const MOST_TOKENS = 512;
/** Of a window: the two special tokens around it, and one that the context wants free. */
const AROUND = 3;
/** A longer text is cut: this is about eight pages. */
const MOST_WINDOWS = 8;

/**
 * One context for each thread, each at a window of its own: threads that share one wait for each other after every layer, and two of them
 * make hardly more than one. Each context takes about 80 MB.
 */
export async function loadEmbedding({ path, threads, contextTokens }: Load): Promise<LoadedModel> {
  // Vectors of short texts are not worth the way to a graphics card.
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, maxThreads: threads, logLevel: LlamaLogLevel.disabled });
  const model = await llama.loadModel({ modelPath: path });
  const contextSize = Math.min(contextTokens, MOST_TOKENS, model.trainContextSize);
  const contexts: LlamaEmbeddingContext[] = [];
  for (let i = 0; i < threads; i++) contexts.push(await model.createEmbeddingContext({ contextSize, batchSize: contextSize, threads: 1 }));
  const dimensions = model.embeddingVectorSize;
  return {
    loaded: { dimensions, contextTokens: contextSize, gpu: false },
    carryOut: async (order, signal) => {
      if (order.type !== 'embed')
        throw new Failed({ code: 'bad-input', message: 'This model makes vectors, and cannot write.', hint: 'Choose an instruct model.' });
      const texts = order.texts.map((text) => windows(model.tokenize(text), contextSize - AROUND).map((tokens): Part => ({ tokens })));
      const left = texts.flat();
      await Promise.all(contexts.map((context) => each(left, context, signal)));
      return { type: 'vectors', id: order.id, vectors: texts.map((parts) => mean(parts, dimensions)) };
    },
  };
}

/** A window of a text, and the model's vector of it when it is made. */
interface Part {
  readonly tokens: Token[];
  vector?: readonly number[];
}

/** Takes one part after the other from those that are left. */
async function each(left: Part[], context: LlamaEmbeddingContext, signal: AbortSignal): Promise<void> {
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    signal.throwIfAborted();
    part.vector = (await context.getEmbeddingFor(part.tokens)).vector;
  }
}

/** Of length 1; each part weighs as much as it is long. That of an empty text is all zeros. */
function mean(parts: readonly Part[], dimensions: number): Float32Array {
  const sum = new Float32Array(dimensions);
  for (const { tokens, vector = [] } of parts) {
    const weight = tokens.length / norm(vector);
    for (const [i, x] of vector.entries()) sum[i] = (sum[i] ?? 0) + x * weight;
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
