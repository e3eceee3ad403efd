import type { LogLine } from '../../../contract/index.ts';

/** Longer lines are cut: one line of a log is not worth the memory of a thousand. Bytes. */
const LONGEST_LINE = 64 * 1024;
const CUT = ' … [cut]';
const STAMP = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})) ?/;

/** The lines of a log as they come, with the time the kubelet put before each. What comes faster than it is taken waits in the socket. */
export async function* logLines(body: AsyncIterable<unknown>, pod: string, container: string): AsyncGenerator<LogLine, void> {
  let rest: Buffer[] = [];
  let size = 0;
  let cut = false;
  const line = (): LogLine => {
    const text = Buffer.concat(rest).toString('utf8').replace(/\r$/, '');
    const [stamp = '', at = ''] = STAMP.exec(text) ?? [];
    const whole = { pod, container, at, line: text.slice(stamp.length) + (cut ? CUT : '') };
    [rest, size, cut] = [[], 0, false];
    return whole;
  };
  for await (const chunk of body as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); ; end = chunk.indexOf(10, start)) {
      const part = chunk.subarray(start, end === -1 ? chunk.length : end);
      const room = LONGEST_LINE - size;
      if (part.length > room) cut = true;
      if (room > 0 && part.length > 0) rest.push(part.subarray(0, room));
      size += part.length;
      if (end === -1) break;
      start = end + 1;
      yield line();
    }
  }
  if (size > 0) yield line();
}

/** Nanosecond stamps as text compare right when they are of one zone and brought to one length. */
export function stampKey(at: string): string {
  const [, seconds = '', fraction = ''] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?Z$/.exec(at) ?? [];
  if (seconds !== '') return `${seconds}.${fraction.padEnd(9, '0')}`;
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? '' : `${new Date(ms).toISOString().slice(0, -1)}000000`;
}
