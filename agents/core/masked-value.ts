import { type Difference, isEmpty, isPlain } from './differences.ts';
import { redact } from './redact.ts';

/** Values of fields as text that may be recorded: credentials masked, long ones cut. */

const MASK = '[masked]';
/** Stands for any value in the question whether a name is that of a credential. */
const ANY_VALUE = 'Aq8kd0sl2';
const LONGEST_VALUE = 160;
/** More is not looked at: what is cut off is not shown either. */
const LONGEST_READ = 16_384;

/** Null for what is absent. A variable, label or annotation is judged together with its name, for the name says what it is. */
export function maskedText(steps: Difference['steps'], value: unknown): string | null {
  if (isEmpty(value)) return null;
  const name = namedBy(steps);
  const text = typeof value === 'string' ? value : JSON.stringify(value, maskInside);
  const read = text.slice(0, LONGEST_READ);
  const masked = name === undefined ? redact(read) : maskedValue(name, read);
  return masked.length > LONGEST_VALUE ? `${masked.slice(0, LONGEST_VALUE)}…` : masked;
}

/** The name under which a value stands: of a variable, a label, an annotation, a parameter. */
function namedBy(steps: Difference['steps']): string | undefined {
  const last = steps.at(-1);
  const above = steps.at(-2);
  if (last === 'value' && typeof above === 'object') return above.item;
  return typeof last === 'string' && (above === 'labels' || above === 'annotations') ? last : undefined;
}

/** Maps whose keys are names that people chose, and so say what a value is. */
const NAMING: ReadonlySet<string> = new Set(['labels', 'annotations', 'data', 'parameters', 'options']);

/**
 * An API object with what looks like a credential masked, wherever it is: in variables and arguments of containers, annotations, values of
 * a ConfigMap, addresses. Each mask carries the name that `name` gives the value, so that a changed one is seen as changed. The values of
 * a Secret are for `maskSecret`, and left to it.
 */
export function maskCredentials(object: unknown, name: (value: string) => string): unknown {
  const told = (masked: string, value: string) => (masked === value ? value : masked.replaceAll(MASK, `[masked, ${name(value)}]`));
  const inList = (list: readonly unknown[]) =>
    list.map((item, i) => {
      const before = list[i - 1];
      const flag = typeof before === 'string' ? /^--?([\w.-]+)$/.exec(before)?.[1] : undefined;
      if (typeof item !== 'string') return walk(item, false);
      return told(flag === undefined || item.startsWith('-') ? redact(item) : maskedValue(flag, item), item);
    });
  const walk = (value: unknown, named: boolean): unknown => {
    if (typeof value === 'string') return told(redact(value), value);
    if (Array.isArray(value)) return inList(value);
    if (!isPlain(value)) return value;
    const { name: variable } = value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (typeof inner !== 'string') return [key, walk(inner, NAMING.has(key))];
        const by = named ? key : key === 'value' && typeof variable === 'string' ? variable : undefined;
        return [key, told(by === undefined ? redact(inner) : maskedValue(by, inner), inner)];
      }),
    );
  };
  if (!isPlain(object) || object['kind'] !== 'Secret') return walk(object, false);
  return { ...object, metadata: walk(object['metadata'], false) };
}

/** A value whose name says that it is a credential is masked to its end, also where it has spaces in it; `true` and the like stay. */
export function maskedValue(name: string, value: string): string {
  const shown = redact(`${name}=${value}`);
  const verbatim = shown === `${name}=${value}`;
  if (redact(`${name}=${ANY_VALUE}`).endsWith(ANY_VALUE)) return verbatim ? value : redact(value);
  return verbatim && /^[a-z]+$/i.test(value) ? value : MASK;
}

/** For JSON.stringify: within whole containers and lists, variables by their names, arguments by the flags before them. */
function maskInside(_key: string, value: unknown): unknown {
  if (isPlain(value)) {
    const { name, value: inner } = value;
    return typeof name === 'string' && typeof inner === 'string' ? { ...value, value: maskedValue(name, inner) } : value;
  }
  if (!Array.isArray(value)) return value;
  return (value as readonly unknown[]).map((item, i) => {
    const flag = typeof value[i - 1] === 'string' ? /^--?([\w.-]+)$/.exec(value[i - 1] as string)?.[1] : undefined;
    if (typeof item !== 'string') return item;
    return flag === undefined || item.startsWith('-') ? redact(item) : maskedValue(flag, item);
  });
}
