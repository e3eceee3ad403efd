import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { MISS, compileSchema } from './compile-schema.ts';
import { ALL_KINDS, KINDS } from './kinds.ts';

/** JSON that nearly fits a schema: values of its shape with anything else here and there, absent and null fields, unknown ones. */
function near(schema: z.ZodType): fc.Arbitrary<unknown> {
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod;
  const inner = (s: z.core.$ZodType) => near(s as z.ZodType);
  const odd = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 150, arbitrary }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
  switch (def.type) {
    case 'string':
      return odd(fc.string());
    case 'boolean':
      return odd(fc.boolean());
    case 'number':
      return odd(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })));
    case 'optional':
      return fc.option(inner(def.innerType), { nil: undefined });
    case 'nullable':
      return fc.option(inner(def.innerType), { nil: null });
    case 'default':
      return fc.option(inner(def.innerType), { nil: undefined });
    case 'pipe':
      return inner(def.in);
    case 'union':
      return fc.oneof(...def.options.map(inner));
    case 'array':
      return odd(fc.array(inner(def.element), { maxLength: 3 }));
    case 'record':
      return odd(fc.dictionary(fc.string(), inner(def.valueType), { maxKeys: 3 }));
    case 'object':
      return odd(
        fc
          .tuple(
            fc.record(
              Object.fromEntries(Object.entries(def.shape).map(([k, v]) => [k, inner(v)])) as Record<string, fc.Arbitrary<unknown>>,
              {
                requiredKeys: Object.keys(def.shape).filter((k) => def.shape[k]?._zod.optin === undefined),
              },
            ),
            fc.dictionary(fc.constantFrom('unknown', 'managedFields'), fc.jsonValue(), { maxKeys: 1 }),
          )
          .map(([known, more]) => ({ ...known, ...more })),
      );
    default:
      throw new Error(`no values for z.${def.type}`);
  }
}

test('gives for every kind what zod gives, and a miss where zod refuses', () => {
  let parsed = 0;
  for (const kind of ALL_KINDS) {
    const { schema } = KINDS[kind];
    const read = compileSchema(schema);
    fc.assert(
      fc.property(near(schema), (given) => {
        const raw: unknown = given === undefined ? undefined : JSON.parse(JSON.stringify(given));
        const word = schema.safeParse(raw);
        const own = read(raw);
        if (!word.success) {
          expect(own).toBe(MISS);
          return;
        }
        parsed++;
        expect(own).toEqual(word.data);
        expect(Object.keys(own as object)).toEqual(Object.keys(word.data));
      }),
      { numRuns: 80 },
    );
  }
  // Most of what is generated must be read, or the comparison says little.
  expect(parsed).toBeGreaterThan(ALL_KINDS.length * 15);
});

test('refuses to be made for more of zod than it knows, rather than to read it wrongly', () => {
  expect(() => compileSchema(z.object({ a: z.string().min(1) }))).toThrow(/does not know/);
  expect(() => compileSchema(z.date())).toThrow(/does not know/);
  expect(() => compileSchema(z.strictObject({ a: z.string() }))).toThrow(/does not know/);
  expect(() => compileSchema(z.number().positive())).toThrow(/does not know/);
});
