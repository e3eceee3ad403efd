import type { z } from 'zod';

/**
 * Projection is the inner loop of reading a cluster: zod allocates for every field, which for 30,000 pods is a second. This turns the
 * part of zod the kinds use into plain closures with the same results, several times as fast. It only knows how to succeed: on
 * anything else it gives `MISS`, and the caller asks zod, whose word and whose error count.
 */
export const MISS: unique symbol = Symbol('miss');

type Reader = (raw: unknown) => unknown;

/** @throws for a schema that uses more of zod than the kinds do: add it here, with the test. */
export function compileSchema(schema: z.ZodType): Reader {
  return compile(schema as unknown as z.core.$ZodType);
}

function compile(schema: z.core.$ZodType): Reader {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      plain(def);
      return (raw) => (typeof raw === 'string' ? raw : MISS);
    case 'boolean':
      plain(def);
      return (raw) => (typeof raw === 'boolean' ? raw : MISS);
    case 'number': {
      const whole = wholeNumbersOnly(def);
      return (raw) => (typeof raw === 'number' && (whole ? Number.isSafeInteger(raw) : Number.isFinite(raw)) ? raw : MISS);
    }
    case 'optional': {
      const inner = compile(def.innerType);
      return (raw) => (raw === undefined ? undefined : inner(raw));
    }
    case 'nullable': {
      const inner = compile(def.innerType);
      return (raw) => (raw === null ? null : inner(raw));
    }
    case 'default': {
      const inner = compile(def.innerType);
      return (raw) => (raw === undefined ? def.defaultValue : inner(raw));
    }
    case 'pipe': {
      const first = compile(def.in);
      const second = compile(def.out);
      return (raw) => {
        const value = first(raw);
        return value === MISS ? MISS : second(value);
      };
    }
    case 'transform': {
      const change = def.transform as (value: unknown) => unknown;
      return (raw) => change(raw);
    }
    case 'union': {
      const options = def.options.map(compile);
      return (raw) => {
        for (const option of options) {
          const value = option(raw);
          if (value !== MISS) return value;
        }
        return MISS;
      };
    }
    case 'array':
      plain(def);
      return arrayReader(compile(def.element));
    case 'record':
      return recordReader(compile(def.valueType));
    case 'object':
      plain(def);
      return objectReader(Object.entries(def.shape).map(([key, field]) => [key, compile(field)]));
    default:
      throw new Error(`kinds use z.${def.type}, which compile-schema.ts does not know`);
  }
}

function plain(def: { readonly checks?: unknown[] | undefined; readonly catchall?: unknown; readonly coerce?: boolean }): void {
  if ((def.checks?.length ?? 0) > 0 || def.catchall !== undefined || def.coerce === true)
    throw new Error('kinds use a check of zod which compile-schema.ts does not know');
}

function wholeNumbersOnly({ checks = [] }: { readonly checks?: z.core.$ZodCheck<never>[] | undefined }): boolean {
  for (const check of checks) {
    const { format } = check._zod.def as { readonly format?: string };
    if (format !== 'safeint') throw new Error('kinds use a check on numbers which compile-schema.ts does not know');
  }
  return checks.length > 0;
}

function arrayReader(item: Reader): Reader {
  return (raw) => {
    if (!Array.isArray(raw)) return MISS;
    const out: unknown[] = new Array(raw.length);
    for (let i = 0; i < raw.length; i++) {
      const value = item(raw[i]);
      if (value === MISS) return MISS;
      out[i] = value;
    }
    return out;
  };
}

function recordReader(item: Reader): Reader {
  return (raw) => {
    if (!isRecord(raw)) return MISS;
    const out: Record<string, unknown> = {};
    for (const key of Object.keys(raw)) {
      if (key === '__proto__') continue;
      const value = item(raw[key]);
      if (value === MISS) return MISS;
      out[key] = value;
    }
    return out;
  };
}

function objectReader(fields: readonly (readonly [string, Reader])[]): Reader {
  return (raw) => {
    if (!isRecord(raw)) return MISS;
    const out: Record<string, unknown> = {};
    for (const [key, read] of fields) {
      const given = raw[key];
      const value = read(given);
      if (value === MISS) return MISS;
      if (value !== undefined || given !== undefined || key in raw) out[key] = value;
    }
    return out;
  };
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
