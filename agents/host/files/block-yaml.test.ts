import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readBlockYaml } from './block-yaml.ts';

/** The full parser's word counts: the quick one says the same, or nothing. */
const agrees = (text: string) => {
  const quick = readBlockYaml(text);
  if (quick !== undefined) expect(quick.value, text).toEqual(parse(text));
  return quick !== undefined;
};

test('what kubectl prints is read, and read as the full parser reads it', () => {
  const text = `apiVersion: v1
kind: Pod
metadata:
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion":"v1","kind":"Pod"}
    note: 'it''s a: "note" # and no remark'
    other: "tab\\t and \\"quotes\\" \\u00e4"
  managedFields:
  - fieldsV1:
      f:status:
        f:conditions:
          k:{"type":"Ready"}:
            .: {}
            f:status: {}
    manager: kubelet
  labels: {}
  name: web-1
spec:
  containers:
  - args:
    - --flag=a:b
    - serve
    - "8080"
    - "true"
    command: []
    env:
    - name: EMPTY
      value: ""
    - name: NOTHING
    image: registry.example:5000/web:1.2@sha256:abc
    resources:
      limits:
        cpu: 500m
        memory: 1e3
  -
    name: dash-alone
  terminationGracePeriodSeconds: 30
status:
  conditions:
  - lastProbeTime: null
    lastTransitionTime: "2026-01-01T00:00:00Z"
    message: 'containers with unready status: [web]'
    reason: ContainersNotReady
    status: "False"
  - message: Back-off 5m0s restarting failed container in a pod whose line is long
      and goes on here
      and here
    ratio: -0.5
  phase: Running # a remark
`;
  expect(agrees(text)).toBe(true);
});

test.each([
  'a: {b: 1}',
  'a: &x 1\nb: *x',
  'a: !!str 1',
  'a: >\n  folded\n  text\n',
  'a: 1\na: 2',
  'a: b: c',
  'a: 0x10',
  'a: 12345678901234567890',
  'a: "\\x41"',
  '\ta: 1',
  'a: |2\n    x\n',
  'just words',
  '<<: {a: 1}',
  '? a\n: b',
  'a: - b',
  'a: text\n\n  more\n',
  "a: 'one\n\n  two'",
])('what is not plain block style is left to the full parser: %j', (text) => {
  expect(readBlockYaml(text)).toBeUndefined();
});

test.each([
  'a: |\n  x\n\n\n  y\n\nb: 1\n',
  'a: |-\n  x\n\nb: 1',
  'a: |+\n  x\n\n\nb: 1',
  'a: |+\n  x\n\n',
  'a:\n- 1\n- 2\nb:\n  - - x\n    - y\n  - z\n',
  'a:\n\n  # remark\n  b: 1\n',
  'a: .5\nb: 1.\nc: 007\nd: +1\ne: 1_000\nf: -\n',
  'a: ~\nb:\nc: null\nd: Null\n"e": TRUE\n1: x\n',
  'a: x\r\nb: |\r\n  y\r\n',
  "a: 'one\n  two'\n",
  '- a: 1\n  b: 2\n- c\n-\n',
])('corners of the style: %j', (text) => {
  agrees(text);
});

test('objects of any shape come back as they were, however they are written', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.string({ unit: fc.constantFrom('a', ' ', '\n', ':', '#', '-', "'", '"', '\\', '1', '.', '|', '~'), maxLength: 16 }),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      text,
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('value'), { maxLength: 4 }),
    map: fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  }));
  let quick = 0;
  fc.assert(
    fc.property(
      fc.dictionary(text, value, { minKeys: 1, maxKeys: 4 }),
      fc.constantFrom(0, 40),
      fc.boolean(),
      (object, lineWidth, indentSeq) => {
        if (agrees(stringify(object, { lineWidth, indentSeq }))) quick++;
      },
    ),
    { numRuns: 600 },
  );
  expect(quick).toBeGreaterThan(30);
});
