import type { Tensor } from './safetensors.ts';
import { type GgufTensor, type GgufValue, gguf } from './gguf-writer.ts';
import { FILE_TYPE, type NumberType } from './numbers.ts';

/** A network of the BERT family that gives vectors, as its makers publish it, becomes a GGUF file. */

export interface BertSource {
  readonly name: string;
  /** SPDX. */
  readonly licence: string;
  readonly config: BertConfig;
  /** Token by its number. */
  readonly vocabulary: readonly string[];
  readonly weights: ReadonlyMap<string, Tensor>;
}

export interface BertConfig {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly layer_norm_eps: number;
  readonly max_position_embeddings: number;
  readonly num_attention_heads: number;
  readonly num_hidden_layers: number;
  readonly type_vocab_size: number;
}

const NORMAL = 1;
const CONTROL = 3;
/** The vector of a text is the mean of its tokens' vectors. */
const POOLING_MEAN = 1;

export function bertToGguf({ name, licence, config, vocabulary, weights }: BertSource, type: NumberType): Buffer {
  const special = (token: string) => /^\[.+\]$/.test(token);
  const id = (token: string): GgufValue => {
    const value = vocabulary.indexOf(token);
    if (value < 0) throw new Error(`The vocabulary has no ${token}.`);
    return { type: 'u32', value };
  };
  const u32 = (value: number): GgufValue => ({ type: 'u32', value });
  const text = (value: string): GgufValue => ({ type: 'string', value });
  const said: Record<string, GgufValue> = {
    'general.architecture': text('bert'),
    'general.type': text('model'),
    'general.name': text(name),
    'general.license': text(licence),
    'general.file_type': u32(FILE_TYPE[type]),
    'bert.context_length': u32(config.max_position_embeddings),
    'bert.embedding_length': u32(config.hidden_size),
    'bert.block_count': u32(config.num_hidden_layers),
    'bert.feed_forward_length': u32(config.intermediate_size),
    'bert.attention.head_count': u32(config.num_attention_heads),
    'bert.attention.layer_norm_epsilon': { type: 'f32', value: config.layer_norm_eps },
    'bert.attention.causal': { type: 'bool', value: false },
    'bert.pooling_type': u32(POOLING_MEAN),
    'tokenizer.ggml.model': text('bert'),
    'tokenizer.ggml.tokens': {
      type: 'strings',
      value: vocabulary.map((t) => (special(t) ? t : t.startsWith('##') ? t.slice(2) : `▁${t}`)),
    },
    'tokenizer.ggml.token_type': { type: 'i32s', value: vocabulary.map((t) => (special(t) ? CONTROL : NORMAL)) },
    'tokenizer.ggml.token_type_count': u32(config.type_vocab_size),
    'tokenizer.ggml.bos_token_id': id('[CLS]'),
    'tokenizer.ggml.cls_token_id': id('[CLS]'),
    'tokenizer.ggml.unknown_token_id': id('[UNK]'),
    // Spelled so by those who read it.
    'tokenizer.ggml.seperator_token_id': id('[SEP]'),
    'tokenizer.ggml.padding_token_id': id('[PAD]'),
    'tokenizer.ggml.mask_token_id': id('[MASK]'),
  };
  return gguf(
    said,
    tensorNames(config.num_hidden_layers).map(([from, to]): GgufTensor => {
      const tensor = weights.get(from) ?? weights.get(`bert.${from}`);
      if (tensor === undefined) throw new Error(`The weights have no ${from}.`);
      // Positions, types, norms and biases are small, and rounding them would tell.
      const large = tensor.shape.length === 2 && !/^(position_embd|token_types)/.test(to);
      return { name: to, ...tensor, as: large ? type : 'f32' };
    }),
  );
}

function tensorNames(layers: number): [string, string][] {
  const both = (from: string, to: string): [string, string][] => ['weight', 'bias'].map((part) => [`${from}.${part}`, `${to}.${part}`]);
  const names: [string, string][] = [
    ['embeddings.word_embeddings.weight', 'token_embd.weight'],
    ['embeddings.position_embeddings.weight', 'position_embd.weight'],
    ['embeddings.token_type_embeddings.weight', 'token_types.weight'],
    ...both('embeddings.LayerNorm', 'token_embd_norm'),
  ];
  for (let n = 0; n < layers; n++)
    for (const [from, to] of LAYER) names.push(...both(`encoder.layer.${String(n)}.${from}`, `blk.${String(n)}.${to}`));
  return names;
}

const LAYER = [
  ['attention.self.query', 'attn_q'],
  ['attention.self.key', 'attn_k'],
  ['attention.self.value', 'attn_v'],
  ['attention.output.dense', 'attn_output'],
  ['attention.output.LayerNorm', 'attn_output_norm'],
  ['intermediate.dense', 'ffn_up'],
  ['output.dense', 'ffn_down'],
  ['output.LayerNorm', 'layer_output_norm'],
] as const;
