import { z } from 'zod';
import type { AbortSignalLike, Failure, ModelAnswer, ModelEngine, ModelPrompt, Outcome, RemoteSettings } from '../agents/contract/index.ts';
import { ask, textOf } from './http.ts';

export interface RemoteOptions {
  readonly settings: RemoteSettings;
  readonly proxy: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asked for each question, so that it is in memory no longer than needed. */
  readonly key: () => Promise<Outcome<string | undefined>>;
  readonly limitMs?: number;
}

const ANSWER_BYTES = 1_000_000;
const LIMIT_MS = 120_000;

const AnswerSchema = z.object({
  choices: z
    .array(z.object({ message: z.object({ content: z.string().nullable() }), finish_reason: z.string().nullable().optional() }))
    .min(1),
  usage: z.object({ prompt_tokens: z.number().default(0), completion_tokens: z.number().default(0) }).optional(),
});
const ErrorSchema = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/** How strictly an endpoint can be told the form of the answer; found out with the first question and remembered. */
type Form = 'schema' | 'json' | 'words';
const FORMS: readonly Form[] = ['schema', 'json', 'words'];

/** Any endpoint that speaks the chat completions of OpenAI: Ollama, llama.cpp's server, vLLM, a cloud. */
export function remoteEngine({ settings, proxy, env, key, limitMs = LIMIT_MS }: RemoteOptions): ModelEngine {
  const url = new URL(`${settings.url.replace(/\/+$/, '')}/chat/completions`);
  let form: Form = 'schema';
  const once = async (prompt: ModelPrompt, signal: AbortSignalLike): Promise<Outcome<ModelAnswer> | 'another form'> => {
    const secret = await key();
    if (!secret.ok) return secret;
    const asked = await ask({
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(secret.value === undefined ? {} : { authorization: `Bearer ${secret.value}` }),
      },
      body: JSON.stringify(bodyOf(settings.model, prompt, form)),
      ...{ proxy, env, signal, limitMs },
    });
    if (!asked.ok) return asked;
    const status = asked.value.statusCode ?? 0;
    let text: string;
    try {
      text = await textOf(asked.value, ANSWER_BYTES);
    } catch {
      return failed(`The connection to ${url.host} was cut in the middle of the answer.`);
    }
    if ((status === 400 || status === 422 || status === 501) && form !== 'words') return 'another form';
    if (status !== 200) return { ok: false, failure: refusal(status, url, settings.model, text) };
    const json = parsed(text);
    const answer = AnswerSchema.safeParse(json);
    const [choice] = answer.success ? answer.data.choices : [];
    if (!answer.success || choice === undefined)
      return failed(`${url.host} answers in a form that is not known here${/^\s*</.test(text) ? ': a web page' : ''}.`);
    return {
      ok: true,
      value: {
        text: choice.message.content ?? '',
        cutOff: choice.finish_reason === 'length',
        inputTokens: answer.data.usage?.prompt_tokens ?? 0,
        outputTokens: answer.data.usage?.completion_tokens ?? 0,
      },
    };
  };
  return {
    name: settings.model,
    where: 'remote',
    contextTokens: settings.contextTokens,
    answer: async (prompt, signal) => {
      for (;;) {
        const answer = await once(prompt, signal);
        if (answer !== 'another form') return answer;
        form = FORMS[FORMS.indexOf(form) + 1] ?? 'words';
      }
    },
  };
}

function bodyOf(model: string, { instructions, data, examples, schema, maxTokens }: ModelPrompt, form: Form): unknown {
  const told =
    form === 'schema' ? instructions : `${instructions}\nAnswer with JSON of this schema and nothing else: ${JSON.stringify(schema)}`;
  const formats = {
    schema: { response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } } },
    json: { response_format: { type: 'json_object' } },
    words: {},
  };
  return {
    model,
    messages: [
      { role: 'system', content: told },
      ...examples.flatMap((e) => [
        { role: 'user', content: e.data },
        { role: 'assistant', content: e.answer },
      ]),
      { role: 'user', content: data },
    ],
    max_tokens: maxTokens,
    temperature: 0,
    stream: false,
    ...formats[form],
  };
}

function refusal(status: number, { host }: URL, model: string, text: string): Failure {
  const said = ErrorSchema.safeParse(parsed(text));
  const theirs = !said.success ? '' : typeof said.data.error === 'string' ? said.data.error : said.data.error.message;
  const more = theirs === '' ? '' : ` It says: ${theirs.slice(0, 200)}`;
  if (status === 401 || status === 403)
    return unavailable(`${host} does not accept the key (${String(status)}).`, 'Set it anew: quarterdeck models set --key-stdin.');
  if (status === 404)
    return unavailable(`${host} has no model ${model} at this address.${more}`, 'Check the address and the name of the model.');
  if (status === 429) return { code: 'too-many-requests', message: `${host} wants fewer questions (429).`, hint: 'Wait a moment.' };
  return unavailable(`${host} could not answer (${String(status)}).${more}`, 'The template words it meanwhile.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const unavailable = (message: string, hint: string): Failure => ({ code: 'model-unavailable', message, hint });
const failed = (message: string) => ({ ok: false, failure: unavailable(message, 'Ask again.') }) as const;
