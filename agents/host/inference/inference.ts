import { createHash } from 'node:crypto';
import type {
  Failure,
  HostEvent,
  InferencePort,
  ModelEngine,
  ModelAnswer,
  ModelPrompt,
  Outcome,
  QuestionId,
} from '../../contract/index.ts';
import { addressesIn, hiding } from '../../core/questions/hide.ts';
import type { Asked } from '../../core/questions/question.ts';
import { redact } from '../../core/redact.ts';
import type { Clock, Ids } from '../ports/runtime.ts';
import { type Priority, Turns } from './turns.ts';

/** An answer that can be shown: of a model and held against the facts, or of the template. */
export interface Answered<A> {
  readonly value: A;
  /** Null: the template. */
  readonly by: { readonly model: string; readonly where: 'local' | 'remote' } | null;
  /** Why a model that was asked is not the one that answers. */
  readonly refused: string | null;
  readonly tookMs: number;
}

export interface AskOptions {
  readonly priority: Priority;
  readonly signal?: AbortSignal;
  readonly limitMs?: number;
}

export interface InferenceParts {
  readonly port: InferencePort;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly append: (event: HostEvent) => Promise<void>;
}

/** Small machines take their time; a person who waits longer reads the template. */
const LIMIT_MS = 90_000;
/** An endpoint answers several at once; a model on this machine is quickest with one after the other. */
const REMOTE_AT_ONCE = 4;
const TEXT_KEPT = 4_000;

/** The one way to a model: where a question may go, what is masked, how long it may take, what came back, and all of it in the log. */
export class Inference {
  readonly #parts: InferenceParts;
  readonly #turns = { local: new Turns(1), remote: new Turns(REMOTE_AT_ONCE) };
  readonly #closing = new AbortController();

  constructor(parts: InferenceParts) {
    this.#parts = parts;
  }

  /** Whether there is a model now that such a question would go to. */
  async hasModelFor(question: QuestionId): Promise<boolean> {
    const where = this.#parts.port.settings().where[question] ?? 'local';
    return where !== 'off' && (await this.#parts.port.engine(where)) !== null;
  }

  /** Always an answer: where no model gives one that holds to the facts, the template's. Fails only where it was stopped. */
  async ask<A>(asked: Asked<A>, { priority, signal, limitMs = LIMIT_MS }: AskOptions): Promise<Outcome<Answered<A>>> {
    const begun = performance.now();
    const template = (refused: string | null): Outcome<Answered<A>> => ({
      ok: true,
      value: { value: asked.template, by: null, refused, tookMs: Math.round(performance.now() - begun) },
    });
    const where = this.#parts.port.settings().where[asked.id] ?? 'local';
    if (where === 'off') return template(null);
    const engine = await this.#parts.port.engine(where);
    if (engine === null) return template(null);
    const stop = new AbortController();
    const stopped = AbortSignal.any([stop.signal, this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    const cancel = this.#parts.clock.after(limitMs, () => stop.abort());
    try {
      const turn = await this.#turns[where].take(priority, stopped, () => this.#put(asked, engine, stopped));
      if (signal?.aborted === true || this.#closing.signal.aborted) return { ok: false, failure: STOPPED };
      if (turn === undefined || stop.signal.aborted)
        return template(`${engine.name} did not answer within ${String(limitMs / 1000)} seconds`);
      if (!turn.ok) return template(turn.because);
      const by = { model: engine.name, where: engine.where };
      return { ok: true, value: { value: turn.value, by, refused: null, tookMs: Math.round(performance.now() - begun) } };
    } finally {
      cancel();
    }
  }

  /** What is being asked is stopped. */
  close(): void {
    this.#closing.abort();
  }

  async #put<A>(asked: Asked<A>, engine: ModelEngine, signal: AbortSignal) {
    const { port, ids, append } = this.#parts;
    const { remote } = port.settings();
    const hidden = engine.where === 'remote' ? (remote?.hide ?? 'names') : 'credentials';
    const { hide, show } = hiding(hidden === 'names' ? [...asked.names, ...addressesIn([asked.prompt.data])] : []);
    const prompt = masked(asked.prompt, (text) => hide(redact(text)));
    const sent = [prompt.instructions, ...prompt.examples.flatMap((e) => [e.data, e.answer]), prompt.data].join('\n\n');
    const id = ids.next('ask');
    const common = { id, question: asked.id, model: engine.name, where: engine.where };
    await append({
      type: 'model.asked',
      ...common,
      about: asked.about,
      hash: hashOf(sent),
      text: kept(prompt.data),
      characters: sent.length,
      hidden,
    });
    const begun = performance.now();
    const answer = await engine.answer(prompt, signal);
    const tookMs = Math.round(performance.now() - begun);
    const read = answer.ok ? readAnswer(answer.value, asked, show) : { ok: false as const, because: answer.failure.message };
    const said = answer.ok ? answer.value : NOTHING;
    await append({
      type: 'model.answered',
      ...common,
      outcome: read.ok ? 'shown' : answer.ok ? 'refused' : 'failed',
      because: read.ok ? null : read.because,
      hash: hashOf(said.text),
      text: kept(redact(said.text)),
      inputTokens: said.inputTokens,
      outputTokens: said.outputTokens,
      tookMs,
      cost:
        remote === null || engine.where === 'local'
          ? 0
          : (said.inputTokens * remote.inputPrice + said.outputTokens * remote.outputPrice) / 1e6,
    });
    return read;
  }
}

function readAnswer<A>(answer: ModelAnswer, asked: Asked<A>, show: (text: string) => string) {
  if (answer.cutOff) return { ok: false as const, because: 'the answer was cut off before its end' };
  let json: unknown;
  try {
    json = JSON.parse(show(answer.text));
  } catch {
    return { ok: false as const, because: 'the answer is not in the form that was asked for' };
  }
  return asked.read(json);
}

/** The model that answers now, one on this machine before an endpoint. */
export async function modelHere(port: InferencePort): Promise<Pick<ModelEngine, 'name' | 'where'> | null> {
  return (await port.engine('local')) ?? (await port.engine('remote'));
}

const masked = (prompt: ModelPrompt, mask: (text: string) => string): ModelPrompt => ({
  ...prompt,
  data: mask(prompt.data),
  examples: prompt.examples.map((e) => ({ data: mask(e.data), answer: mask(e.answer) })),
});

const NOTHING: ModelAnswer = { text: '', cutOff: false, inputTokens: 0, outputTokens: 0 };
const STOPPED: Failure = { code: 'cancelled', message: 'It was stopped.' };
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const kept = (text: string) => (text.length <= TEXT_KEPT ? text : `${text.slice(0, TEXT_KEPT)}…`);
