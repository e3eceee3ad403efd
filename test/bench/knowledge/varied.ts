import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SECTIONS = 25;

/** What is there to be read on this machine: the runbooks, the decisions and the documents of dependencies. */
function sentences(): string[] {
  const texts = ['resources/runbooks', 'docs/decisions'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
  );
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    for (const file of ['README.md', 'CHANGELOG.md']) {
      try {
        const text = readFileSync(join(ROOT, 'node_modules', name, file), 'utf8');
        if (text.length > 2_000) texts.push(text);
      } catch {
        // Not every package has one.
      }
    }
  }
  return texts.flatMap((text) =>
    text.split(/(?<=[.!?])\s+|\n+/).filter((line) => line.length > 30 && line.length < 300 && !/^[#`~]/.test(line)),
  );
}

/** Documents of Markdown in a folder, about so many passages, as varied as those sentences: cut and put together anew. */
export function writeDocuments(folder: string, passages: number): void {
  const all = sentences();
  let seed = 7;
  const next = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) >>> 8;
  mkdirSync(folder, { recursive: true });
  for (let document = 0; document * SECTIONS < passages; document += 1) {
    const sections = Array.from({ length: SECTIONS }, () => {
      let text = '';
      while (text.length < 500) text += `${all[next() % all.length] ?? ''} `;
      return `## ${text.slice(0, 40)}\n\n${text.slice(0, 850).trim()}\n`;
    });
    writeFileSync(join(folder, `d${document}.md`), `# Document ${document}\n\n${sections.join('\n')}`);
  }
}
