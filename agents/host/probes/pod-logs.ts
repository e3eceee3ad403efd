import { objectPath } from '../cluster/paths.ts';
import { KINDS } from '../../contract/index.ts';
import type { ProbeExecutor } from './executor.ts';

/** What is kept of the end of a log. */
const MOST_CHARACTERS = 64 * 1024;
/**
 * What is asked for: the server cuts at the newest end, so its limit is only a wall against giant lines, and the cut to what is kept
 * is made here, at the oldest end.
 */
const MOST_BYTES = 1024 * 1024;

/** What a kubelet answers, as if it were the log, for a container that it has removed or is about to. */
const REMOVED = /^(?:unable to retrieve container logs for \S+|failed to try resolving symlinks in path "[^"]*": .*)$/;

/** The end of a container's log, its newest lines last. Lines are data and stay as they are. */
export const podLogs: ProbeExecutor<'podLogs'> = {
  type: 'podLogs',
  cost: 'costly',
  timeLimitMs: 10_000,
  needs: ({ namespace, pod }) => [{ verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace, name: pod }],
  run: async ({ namespace, pod, container, previous, tailLines }, { transport, signal }) => {
    const text = await transport.text(objectPath(KINDS.Pod, pod, namespace, 'log'), {
      query: { container, previous: previous || undefined, tailLines, limitBytes: MOST_BYTES },
      accept: '*/*',
      signal,
    });
    if (!text.ok) {
      // "previous terminated container not found", "is waiting to start": there is no log yet, and the request was a good one.
      if (text.failure.code !== 'invalid') return text;
      return { ok: false, failure: { ...text.failure, code: 'not-found' } };
    }
    if (REMOVED.test(text.value.trim()))
      return {
        ok: false,
        failure: { code: 'not-found', message: `The log of ${namespace}/${pod} (${container}) is no longer on its node.` },
      };
    return { ok: true, value: lastLines(text.value, tailLines) };
  },
};

/** `truncated`: the log may hold more than these lines. */
export function lastLines(text: string, tailLines: number): { lines: string[]; truncated: boolean } {
  const kept = text.length > MOST_CHARACTERS ? text.slice(text.length - MOST_CHARACTERS) : text;
  const lines = kept.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines.at(-1) === '') lines.pop();
  // The first line of a cut text begins somewhere in its middle.
  if (kept.length < text.length && lines.length > 1) lines.shift();
  const cut = kept.length < text.length || lines.length >= tailLines || text.length >= MOST_BYTES;
  return { lines: lines.slice(-tailLines), truncated: cut };
}
