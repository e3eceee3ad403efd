import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import {
  type ModelProgress,
  type ModelRow,
  type ModelsState,
  type ModelUses,
  PlaceSchema,
  QuestionIdSchema,
  RemoteSchema,
} from '../../contract/index.ts';
import { EXIT, Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { columns, progress, show } from './print.ts';
import { type Client, withSession } from './session.ts';
import type { Run } from './verb.ts';

type Flags = Parameters<Run>[1];
const NEEDS_NO_CLUSTER = false;

export const run: Run = ([action = '', what], flags) => {
  const act = ACTIONS[action];
  if (act === undefined)
    throw bad(`models has no action ${action}.`, `${Object.keys(ACTIONS).join(', ')}. For example quarterdeck models list.`);
  return withSession(flags, ({ client: { models } }) => act(models, flags, what), NEEDS_NO_CLUSTER);
};

type Models = Client['models'];
type Act = (models: Models, flags: Flags, what: string | undefined) => Promise<number>;

const ACTIONS: Readonly<Record<string, Act>> = {
  list: async (models, flags) => {
    const state = await models.list({});
    show(flags, state, () => listed(state, flags.output === 'wide'));
    return EXIT.ok;
  },
  used: async (models, flags) => {
    const days = Number(flags['days']);
    if (!Number.isInteger(days) || days < 1 || days > 366)
      throw bad(`--days takes a number of days from 1 to 366, not ${String(flags['days'])}.`, 'As quarterdeck models used --days 7.');
    const used = await models.used({ days });
    show(flags, used, () => usesTold(used, days));
    return EXIT.ok;
  },
  pull: async (models, flags, what) => {
    const name = needed('pull', what);
    return finished(flags, await followed(flags, await models.pull({ name })));
  },
  import: async (models, flags, what) => {
    const sha256 = textOf(flags, 'sha256');
    const path = resolve(needed('import', what));
    return finished(flags, await followed(flags, await models.import({ path, ...(sha256 === undefined ? {} : { sha256 }) })));
  },
  use: async (models, flags, what) => {
    const name = flags['none'] === true ? null : needed('use', what);
    const state = await models.use({ name });
    show(flags, state, () => (name === null ? 'No model writes; templates word everything.' : `${name} is used from now on.`));
    return EXIT.ok;
  },
  remove: async (models, flags, what) => {
    const name = needed('remove', what);
    const state = await models.remove({ name });
    show(flags, state, () => `${name} is deleted.`);
    return EXIT.ok;
  },
  set: async (models, flags) => {
    const change = await changeIn(models, flags);
    if (Object.keys(change).length === 0) throw bad('Nothing is to be set.', 'quarterdeck models --help shows what can be.');
    const state = await models.set(change);
    show(flags, state, () => settingsIn(state));
    return EXIT.ok;
  },
};

async function changeIn(models: Models, flags: Flags): Promise<Parameters<Models['set']>[0]> {
  const [mirror, proxy, remote, model] = ['mirror', 'proxy', 'remote', 'remoteModel'].map((name) => textOf(flags, name));
  const where = Array.isArray(flags['where']) ? (flags['where'] as string[]) : [];
  return {
    ...(mirror === undefined ? {} : { mirror: orNone(mirror) }),
    ...(proxy === undefined ? {} : { proxy: orNone(proxy) }),
    ...(remote === undefined ? {} : { remote: remote === 'none' ? null : await endpoint(models, flags, remote, model) }),
    ...(where.length === 0 ? {} : { where: Object.fromEntries(where.map(place)) }),
    ...(flags['keyStdin'] === true ? { key: (await readAll(process.stdin)).trim() } : {}),
    ...(flags['key'] === false ? { key: null } : {}),
  };
}

async function endpoint(models: Models, flags: Flags, url: string, model: string | undefined) {
  const name = model ?? (await models.list({})).settings.remote?.model;
  if (name === undefined) throw bad('Which model is the endpoint to be asked for?', 'Give --remote-model NAME.');
  const [inputPrice, outputPrice] = (textOf(flags, 'price') ?? '0,0').split(',').map(Number);
  const read = RemoteSchema.safeParse({
    url,
    model: name,
    contextTokens: Number(flags['remoteContext']),
    inputPrice,
    outputPrice,
    hide: flags['hide'],
  });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw bad(
    `The endpoint cannot be set: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
    'quarterdeck models --help shows an example.',
  );
}

function place(pair: string): [string, string] {
  const [question = '', to = ''] = pair.split('=');
  if (!QuestionIdSchema.safeParse(question).success)
    throw bad(`There is no kind of question ${question}.`, `One of ${QuestionIdSchema.options.join(', ')}.`);
  if (!PlaceSchema.safeParse(to).success)
    throw bad(`A question goes to ${PlaceSchema.options.join(', ')}, not to ${to}.`, 'As explain=remote.');
  return [question, to];
}

/** Says how it goes on, and gives the last step. */
async function followed(flags: CommonFlags, steps: AsyncIterable<ModelProgress>): Promise<ModelProgress | undefined> {
  const bar = progress(flags);
  let last: ModelProgress | undefined;
  let saidAt = 0;
  try {
    for await (const step of steps) {
      bar.say(stepWords(step));
      // Where there is no terminal to draw on, now and then a line.
      const quiet = process.stderr.isTTY || flags.quiet === true;
      if (!quiet && (step.stage !== last?.stage || Date.now() - saidAt > 10_000)) {
        saidAt = Date.now();
        process.stderr.write(`${stepWords(step)}\n`);
      }
      last = step;
    }
  } finally {
    bar.done();
  }
  return last;
}

function finished(flags: CommonFlags, last: ModelProgress | undefined): number {
  if (last?.stage !== 'done') throw bad('It ended before it was done.', 'Give the same command again; what has come is kept.');
  show(
    flags,
    last,
    () => `${last.name} is here, ${size(last.total)}; ${last.note ?? ''}. Use it with: quarterdeck models use ${last.name}`,
  );
  return EXIT.ok;
}

function stepWords({ name, stage, received, total, note }: ModelProgress): string {
  const share = total > 0 ? ` ${String(Math.floor((received / total) * 100))} %` : '';
  return `${name}: ${stage}${share}, ${size(received)} of ${size(total)}${note === null ? '' : `. ${note}`}`;
}

function listed(state: ModelsState, wide: boolean): string {
  const heads = ['NAME', 'FOR', 'SIZE', 'MEMORY', 'LICENCE', 'STATE', ...(wide ? ['FILE', 'GOOD FOR'] : [])];
  const rows = state.models.map((m) => [
    m.name,
    m.purpose === 'embedding' ? 'search' : 'words',
    size(m.bytes),
    size(m.memoryBytes),
    m.licence ?? '-',
    stateWords(m),
    ...(wide ? [m.file, m.goodFor ?? '-'] : []),
  ]);
  const problems = state.models.filter((m) => m.state === 'unusable' || (m.inUse && m.problem !== null)).map((m) => m.problem ?? '');
  return [columns(heads, rows), '', settingsIn(state), ...problems].join('\n');
}

function usesTold({ uses, cost }: ModelUses, days: number): string {
  const span = days === 1 ? 'the last day' : `the last ${days} days`;
  if (uses.length === 0) return `No model was asked anything in ${span}.`;
  const heads = ['MODEL', 'WHERE', 'QUESTION', 'SHOWN', 'REFUSED', 'FAILED', 'TOKENS IN', 'OUT', 'TIME', 'COST'];
  const rows = uses.map((u) => [
    ...[u.model, u.where === 'local' ? 'here' : 'endpoint', u.question],
    ...[u.shown, u.refused, u.failed, u.inputTokens, u.outputTokens].map(String),
    `${(u.tookMs / 1000).toFixed(1)} s`,
    u.where === 'local' ? '-' : price(u.cost),
  ]);
  const sum = uses.some((u) => u.where === 'remote') ? `What went to an endpoint cost ${price(cost)} in ${span}, by the prices set.` : '';
  return [columns(heads, rows), ...(sum === '' ? [] : ['', sum])].join('\n');
}

/** Four places: a question may cost less than a hundredth. Of which currency is whoever set the prices to know. */
const price = (value: number) => value.toFixed(value >= 100 ? 2 : 4);

function stateWords(m: ModelRow): string {
  if (m.inUse) return m.bundled ? 'in use, came with the app' : 'in use';
  if (m.state === 'partial' || m.state === 'pulling') return `${m.state}, ${size(m.received)}`;
  return m.state === 'absent' && m.problem !== null ? 'too large for this machine' : m.state;
}

function settingsIn({ settings: { mirror, proxy, remote, where }, remoteKey, machine }: ModelsState): string {
  const sent = Object.entries(where).filter(([, to]) => to !== 'local');
  return [
    `Models are kept in ${machine.folder} (${size(machine.freeDiskBytes)} free); ${size(machine.availableBytes)} of ${size(machine.memoryBytes)} memory are free.`,
    mirror === null ? '' : `Fetched from ${mirror}.`,
    proxy === null ? '' : `Through the proxy ${new URL(proxy).host}.`,
    remote === null
      ? 'No endpoint is set: nothing leaves this machine.'
      : `Endpoint ${remote.url}, model ${remote.model}, ${remoteKey === 'none' ? 'without a key' : 'with a key'}; it sees no ${remote.hide === 'names' ? 'names and no ' : ''}credentials.`,
    sent.length === 0 ? '' : `${sent.map(([question, to]) => `${question}: ${to}`).join(', ')}; all else stays local.`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function needed(action: string, what: string | undefined): string {
  if (what !== undefined) return what;
  throw bad(`models ${action} needs to be told what.`, 'For example quarterdeck models pull qwen3-4b-instruct-2507; --help shows more.');
}

const textOf = (flags: Flags, name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
const orNone = (value: string) => (value === 'none' ? null : value);
const bad = (message: string, hint: string) => new Refusal({ code: 'bad-input', message, hint });
const size = (bytes: number) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${String(Math.round(bytes / 1e6))} MB`);
