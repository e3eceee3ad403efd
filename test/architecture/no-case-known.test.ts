import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** No check may know a case: what the cases on the real cluster call their things does not stand in the code that must find their faults. */

const ROOT = join(import.meta.dirname, '..', '..');
const CASES = join(ROOT, 'test', 'cases');
const CODE = ['agents/core', 'agents/specialists'];

/** Words of Kubernetes and of its tools that some case uses as a name as well. */
const COMMON = new Set(['account', 'app', 'default', 'gateway', 'http', 'https', 'main', 'metrics', 'registry', 'token', 'web']);

interface Written {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/** Names of objects and namespaces, and images, anywhere in the cases. */
function chosenByCases(): ReadonlyMap<string, string> {
  const chosen = new Map<string, string>();
  for (const folder of readdirSync(CASES, { withFileTypes: true }).filter((e) => e.isDirectory())) {
    for (const file of readdirSync(join(CASES, folder.name)).filter((f) => f.endsWith('.yaml'))) {
      for (const document of parseAllDocuments(readFileSync(join(CASES, folder.name, file), 'utf8'))) {
        const object = document.toJS() as Written | null;
        for (const name of [object?.metadata?.name, object?.metadata?.namespace, ...imagesIn(object)])
          if (name !== undefined && name.length > 2 && !COMMON.has(name)) chosen.set(name, `${folder.name}/${file}`);
      }
    }
  }
  return chosen;
}

function imagesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'image' && typeof inner === 'string' ? [inner] : imagesIn(inner)));
}

/**
 * What of it a text of the code holds. A plain word is suspicious where it is the whole text, or stands in a pattern: as part of a
 * sentence for people it is English. A name of several words is suspicious anywhere.
 */
function known(code: string, chosen: ReadonlyMap<string, string>): string[] {
  const found = new Set<string>();
  const look = (text: string, pattern: boolean) => {
    for (const [name, from] of chosen) {
      const plain = !pattern && /^\w+$/.test(name);
      if (
        plain
          ? text === name
          : text.includes(name) && new RegExp(`(?<![\\w-])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`).test(text)
      )
        found.add(`${name} (${from})`);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) look(node.text, true);
    else if (ts.isStringLiteralLike(node)) look(node.text, false);
    else if (ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)) look(node.text, false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('checked.ts', code, ts.ScriptTarget.Latest));
  return [...found];
}

test('no name, namespace or image of a case stands in core or in a specialist', () => {
  const chosen = chosenByCases();
  expect(chosen.size).toBeGreaterThan(50);
  const files = CODE.flatMap((dir) => readdirSync(join(ROOT, dir), { recursive: true, encoding: 'utf8' }).map((f) => join(dir, f)));
  // What only tests hold is no knowledge of a check.
  const product = files.filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts') && !f.includes('/testing/'));
  expect(product.length).toBeGreaterThan(100);
  const guilty = product.flatMap((f) => known(readFileSync(join(ROOT, f), 'utf8'), chosen).map((word) => `${f} knows ${word}`));
  expect(guilty).toEqual([]);
});

test('a check that knew a case would be told of; a longer word, a sentence or a comment would not', () => {
  const chosen = new Map([
    ['mailer-config', 'a-case/objects.yaml'],
    ['billing', 'another/objects.yaml'],
  ]);
  expect(known("if (name === 'mailer-config') return [];", chosen)).toEqual(['mailer-config (a-case/objects.yaml)']);
  expect(known('if (/^billing/.test(name)) return [];', chosen)).toEqual(['billing (another/objects.yaml)']);
  expect(known("// as billing does\nconst billing = ['billing-office', 'nobody is billing anybody'];", chosen)).toEqual([]);
});
