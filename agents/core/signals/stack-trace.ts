import { LONGEST_READ } from './log-mask.ts';

/** What a stack trace is about: what was thrown, and where. Traces of one fault differ in line numbers, addresses and depth. */

/** `java.lang.IllegalStateException: no`, `Caused by: x.Y: no`, `ValueError: no`, `TypeError [CODE]: no`, `panic: no`. */
const THROWN =
  /^\s*(?:Caused by: |Exception in thread "[^"]*" )?((?:[a-z_$][\w$]*\.)*[A-Za-z_$][\w$]*(?:Exception|Error|Exit|Interrupt|Warning|Throwable|Failure)|(?:[a-z_$][\w$]*\.)+[A-Z][\w$]*)(?: \[\w+\])?(?::|$)/;
const PANIC = /^(?:panic|fatal error): (.{1,120})/;
/** Frames, and the name of the function in them. */
const JAVA_OR_NODE = /^\s+at (?:async |new )?([\w$.<>/\u4e00-\u9fff]+)/;
const PYTHON = /^\s+File "([^"]*)", line \d+, in (\S+)/;
const GO = /^([\w./*()[\]-]+)\(.*\)$/;
const DOTNET_OR_RUBY = /^\s+from ([^:]+):\d+/;
/** Frames of the runtime: where it was noticed, not where it was made. */
const RUNTIME = /^(?:java\.|javax\.|jdk\.|sun\.|node:|internal\/|runtime\.|panic\b|testing\.)/;

const simple = (name: string): string => name.replaceAll(/0x[0-9a-f]+|\$\$?\w*\d+|\d+/gi, '');

/** "java.io.IOException at app.Cart.load", or what of it there is; undefined where these lines are no trace. */
export function traceWords(head: string, trace: readonly string[]): string | undefined {
  const lines = [head, ...trace].map((line) => (line.length > LONGEST_READ ? line.slice(0, LONGEST_READ) : line));
  const panic = lines.map((line) => PANIC.exec(line)?.[1]).find((found) => found !== undefined);
  const python = lines.some((line) => line.includes('Traceback (most recent call last)'));
  const thrown = lines.flatMap((line) => THROWN.exec(line)?.[1] ?? []);
  // The innermost cause is the last one written, in every language that writes more than one; Python writes the outermost last.
  const what = python ? thrown.at(-1) : (panic ?? thrown.at(-1));
  const frames = lines.flatMap((line) => {
    const at = PYTHON.exec(line);
    if (at !== null) return [`${at[2] ?? ''}`];
    return JAVA_OR_NODE.exec(line)?.[1] ?? DOTNET_OR_RUBY.exec(line)?.[1] ?? (panic === undefined ? [] : (GO.exec(line)?.[1] ?? []));
  });
  const own = frames.filter((frame) => !RUNTIME.test(frame));
  const where = python ? own.at(-1) : (own[0] ?? frames[0]);
  if (what === undefined && where === undefined) return undefined;
  return [
    what === undefined ? undefined : panic === undefined ? what : `panic: ${panic}`,
    where === undefined ? undefined : `at ${simple(where)}`,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}
