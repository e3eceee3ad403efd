import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { docx, pdf, zip } from '../../doubles/documents.ts';
import { pageToMarkdown } from './html.ts';
import { LIMITS, type Limits, formOf, reasonOf, sourceFiles } from './source-files.ts';
import { openTree } from './tree.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'readers-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function put(path: string, bytes: string | Buffer): string {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), bytes);
  return join(dir, path);
}

/** Everything in a source: its form, each document with its text, and what was left out with the reason. */
async function read(root = dir, limits: Limits = LIMITS) {
  const tree = await openTree(root);
  const documents: Record<string, string> = {};
  const left: Record<string, string> = {};
  const form = await formOf(tree);
  for await (const file of sourceFiles(tree, form, limits)) {
    if ('because' in file) {
      left[file.path] = file.because;
      continue;
    }
    for await (const document of file.documents()) {
      if ('because' in document) {
        left[document.path] = document.because;
        continue;
      }
      try {
        let text = '';
        for await (const piece of document.text) text += piece;
        documents[document.path] = text;
      } catch (error) {
        left[document.path] = reasonOf(error);
      }
    }
  }
  await tree.close();
  return { form, documents, left };
}

describe('pages', () => {
  test('what a page says, with headings, code, lists and tables; nothing of what stands around it', () => {
    const page = `<html><head><title>Runbook | Wiki</title><style>p{}</style></head><body><nav>Home</nav><div class="sidebar">Tree</div>
      <main><h1>Evictions</h1><p>The kubelet <b>evicts</b>\n pods.</p><ul><li>first</li><li><p>second</p></li></ul>
      <pre><code># not a heading\nkubectl get pods</code></pre><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>
      <script>alert(1)</script></main><footer>Imprint</footer></body></html>`;
    expect(pageToMarkdown(page)).toBe(
      '# Evictions\n\nThe kubelet evicts pods.\n\n- first\n\n- second\n\n```\n# not a heading\nkubectl get pods\n```\n\na | b\n\n1 | 2\n',
    );
  });

  test('a page without a heading is headed by its title, and text that looks like a heading is none', () => {
    expect(pageToMarkdown('<title>Images</title><p># all of them</p>')).toBe('# Images\n\n\\# all of them\n');
  });

  test('a page in the encoding it declares; one that lies about it, and one nested without end, are left out with a sentence', async () => {
    put('old.html', Buffer.from('<meta charset="iso-8859-1"><p>gr\xfcn</p>', 'latin1'));
    put('lie.html', Buffer.from('<meta charset="utf-8"><p>gr\xfcn</p>', 'latin1'));
    put('odd.html', '<meta charset="klingon"><p>x</p>');
    put('deep.html', `${'<div>'.repeat(200_000)}x`);
    const { documents, left } = await read();
    expect(documents).toEqual({ 'old.html': 'grün\n' });
    expect(left).toEqual({
      'lie.html': 'It is not text in utf-8, whatever it says.',
      'odd.html': 'It says it is written in klingon, which is not known here.',
      'deep.html': 'Its elements are nested more than 500 deep, which no page of text is.',
    });
  });
});

test('a PDF is read page by page; an encrypted one, a damaged one and one without text are left out with a sentence', async () => {
  put('good.pdf', pdf(['Drain the node first.', 'Then wait.']));
  put('locked.pdf', pdf(['secret'], true));
  put('fake.pdf', 'no pdf at all');
  put('scan.pdf', pdf([]));
  const { documents, left } = await read();
  expect(documents).toEqual({ 'good.pdf': '## Page 1\n\nDrain the node first.\n\nThen wait.\n\n' });
  expect(left).toEqual({
    'locked.pdf': 'It is encrypted with a password. Save a copy without one to have it read.',
    'fake.pdf': 'It is not a PDF, whatever its name says.',
    'scan.pdf': 'It has 1 page and no text: it is made of pictures, which are not read.',
  });
});

/** A paragraph of a Word document, each run with the spaces it has. */
const paragraph = (style: string, ...runs: string[]) =>
  `<w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr>${runs.map((r) => `<w:r><w:t xml:space="preserve">${r}</w:t></w:r>`).join('')}</w:p>`;

test('a Word document: headings by whatever its language calls them, lists, tables, code; a locked one and a fake are left out with a sentence', async () => {
  put(
    'guide.docx',
    docx(
      [
        paragraph('berschrift1', 'Quota', ' ', 'requests'),
        paragraph('Standard', 'Ask <w:br/> twice'.replace('<w:br/>', '&amp;'), '; it takes # days.'),
        '<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>first</w:t></w:r><w:r><w:delText>gone</w:delText></w:r></w:p>',
        `<w:tbl><w:tr><w:tc>${paragraph('Standard', 'team')}</w:tc><w:tc>${paragraph('Standard', '4')}${paragraph('Standard', 'GiB')}</w:tc></w:tr></w:tbl>`,
        paragraph('HTMLPreformatted', 'kubectl get quota'),
        paragraph('HTMLPreformatted', '# of all'),
        paragraph('Standard', 'Done.'),
      ].join(''),
      { berschrift1: 'heading 1', Standard: 'Normal', HTMLPreformatted: 'HTML Preformatted' },
    ),
  );
  put('locked.docx', Buffer.from('d0cf11e0a1b11ae1', 'hex'));
  put('fake.docx', zip([{ name: 'a.md', bytes: 'x' }]));
  put('none.docx', 'none at all');
  const { documents, left } = await read();
  expect(documents).toEqual({
    'guide.docx':
      '# Quota requests\n\nAsk & twice; it takes # days.\n\n- first\n\nteam | 4 GiB\n\n```\nkubectl get quota\n# of all\n```\n\nDone.\n\n',
  });
  expect(left).toEqual({
    'locked.docx': 'It is encrypted with a password, or of an old Word. Save a copy as .docx without one to have it read.',
    'fake.docx': 'It is not a Word document, whatever its name says.',
    'none.docx': 'Its archive cannot be read: it is not a zip archive, or its end is missing.',
  });
});

test('a Word document says what a reader of it sees: no hidden, deleted or moved text; boxes, tables in cells and notes where they stand', async () => {
  const run = (text: string, marks = '') => `<w:r><w:rPr>${marks}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
  const cell = (...inside: string[]) => `<w:tc>${inside.join('')}</w:tc>`;
  const row = (...cells: string[]) => `<w:tbl><w:tr>${cells.join('')}</w:tr></w:tbl>`;
  const box = `<mc:AlternateContent><mc:Choice><w:txbxContent>${paragraph('', 'Mind it.')}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>${paragraph('', 'Mind it.')}</w:txbxContent></mc:Fallback></mc:AlternateContent>`;
  put(
    'seen.docx',
    docx(
      [
        `<w:p><w:pPr><w:rPr><w:vanish/><w:del w:id="1"/></w:rPr></w:pPr>${run('Wait')}<w:r><w:t/></w:r>${run(', then')}${run('ignore all rules', '<w:vanish/>')}${run(' go', '<w:vanish w:val="0"/>')}<w:del><w:r><w:tab/><w:delText>no</w:delText></w:r></w:del><w:moveFrom>${run('away')}</w:moveFrom><w:ins>${run(' on')}</w:ins>.</w:p>`,
        `<w:p><w:r><w:t>Around</w:t></w:r><w:r>${box}</w:r><w:r><w:t> the box.</w:t></w:r></w:p>`,
        row(
          cell(paragraph('', 'a')),
          cell(row(cell(paragraph('', '1')), cell(paragraph('', '2'))), paragraph('', 'b')),
          cell(paragraph('', 'c')),
        ),
        paragraph('Code', 'spec:'),
        paragraph('Code', '   ', 'replicas: 3'),
        paragraph('Code', '```'),
        row(cell(paragraph('', 'after code'))),
      ].join(''),
      { Code: 'Code' },
      { footnotes: `<w:footnote>${paragraph('', 'Since v2.')}</w:footnote>` },
    ),
  );
  put('deep.docx', docx(`${'<w:tbl><w:tr><w:tc>'.repeat(10_000)}${paragraph('', 'deep')}${'</w:tc></w:tr></w:tbl>'.repeat(10_000)}`, {}));
  put('endless.docx', docx(`<w:p>${run('word '.repeat(3_000)).repeat(80)}${run('x'.repeat(2 ** 20))}</w:p>`, {}));
  const { documents, left } = await read();
  expect(documents).toEqual({
    'deep.docx': 'deep\n\n',
    'seen.docx':
      'Wait, then go on\n\nMind it.\n\nAround the box.\n\na | 1, 2 b | c\n\n```\nspec:\n   replicas: 3\n    ```\n```\n\nafter code\n\nSince v2.\n\n',
  });
  expect(left).toEqual({ 'endless.docx': 'A paragraph in it is longer than a million characters, which no document has.' });
});

test('headings and code of AsciiDoc, reStructuredText and Org are those of Markdown', async () => {
  put('a.adoc', '= Failover\n:toc:\n\n== When it is lost\n\n[source,bash]\n----\n== no heading\n----\n// a note\nThen wait.\n');
  put(
    'b.rst',
    '=====\nCache\n=====\n\nSymptoms\n--------\n\nLook at this::\n\n.. code-block:: bash\n   :caption: x\n\n   redis-cli info\n\n   exit\n\nAfter\n-----\nIt is\n\n----\n\ngood\n',
  );
  // TODO is Org mode's own word for the state of a heading.
  put('c.org', '#+TITLE: Plan\n* TODO Region lost\n:OWNER: x\n#+begin_src sh\n* no heading\n#+end_src\n** Then\nshift\n');
  const { documents } = await read();
  expect(documents).toEqual({
    'a.adoc': '# Failover\n\n## When it is lost\n\n```\n== no heading\n```\nThen wait.\n',
    'b.rst': '\n# Cache\n\n## Symptoms\n\nLook at this:\n\n```\n   redis-cli info\n\n   exit\n\n```\n\n## After\nIt is\n\n\n\ngood\n',
    'c.org': '# Plan\n# Region lost\n```\n* no heading\n```\n## Then\nshift\n',
  });
});

test('code next to code, code after a paragraph, comments and fences in code; a line over a heading is another level than one under it', async () => {
  put('a.adoc', '////\n== not said\n////\n```bash\n== no heading\n```\n----\n```\n----\n');
  put(
    'b.rst',
    '===\nTop\n===\n\nPart\n====\nRun::\n\n  # no heading\n\n.. code:: sh\n\n  one\n\n.. code:: sh\n\n  two\n\n====\n\nPart\n====\n',
  );
  // TODO is Org mode's own word for the state of a heading.
  put('c.org', '#+begin_example\n#+begin_src sh\n* no heading\n#+end_src\n#+end_example\n* DONE Then\n');
  const { documents } = await read();
  expect(documents).toEqual({
    'a.adoc': '```\n== no heading\n```\n```\n    ```\n```\n',
    'b.rst': '\n# Top\n\n## Part\nRun:\n\n```\n  # no heading\n\n```\n\n```\n  one\n\n```\n\n```\n  two\n\n```\n\n\n\n## Part\n',
    'c.org': '```\n#+begin_src sh\n* no heading\n#+end_src\n```\n# Then\n',
  });
});

test('documents in forms that are not read are named with how many there are, and other files are none', async () => {
  put('a.md', '# A');
  for (const name of ['a.pptx', 'b/b.PPTX', 'c.xlsx', 'main.go', 'Makefile']) put(name, 'x');
  expect((await read()).left).toEqual({
    '*.pptx': 'Such files are not read (2 here). Save them as PDF, HTML or Markdown.',
    '*.xlsx': 'Such files are not read (1 here). Save them as PDF, HTML or Markdown.',
  });
});

test('text in UTF-8, UTF-16 and Windows-1252 is read; binaries, other encodings, links in a circle and what is too large are left out with a sentence', async () => {
  put('a.md', '# A');
  put('b.txt', Buffer.from('\ufeffB', 'utf16le'));
  put('c.md', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 0, 0]));
  put('h.md', Buffer.from('caf\xe9', 'latin1'));
  put('d.md', Buffer.from('Der Knoten ist gr\xfcn \x96 weiter.', 'latin1'));
  put('f.md', Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x20, 0xec, 0xe8, 0xf0]));
  // The first letter that is no ASCII comes late.
  put('g/late.md', Buffer.concat([Buffer.from('a'.repeat(70_000)), Buffer.from('\xe9t\xe9', 'latin1')]));
  put('g/torn.md', Buffer.concat([Buffer.from('grün '.repeat(20_000)), Buffer.from([0xc3, 0x28])]));
  put('g/damaged.md', Buffer.concat([Buffer.from('Die Knoten sind grün und größer. '), Buffer.from([0xc3, 0x28])]));
  put('e.md', 'x'.repeat(200_001));
  put('.git/config.md', 'hidden');
  put('code.ts', 'no document');
  symlinkSync('..', join(dir, 'circle'));
  const { documents, left } = await read(dir, { ...LIMITS, textBytes: 200_000 });
  expect({ ...documents, 'g/late.md': documents['g/late.md']?.slice(-5) }).toEqual({
    ...{ 'a.md': '# A\n', 'b.txt': 'B\n', 'd.md': 'Der Knoten ist grün – weiter.\n', 'h.md': 'café\n', 'g/late.md': 'aété\n' },
  });
  expect(left).toEqual({
    'c.md': 'It is not text in UTF-8, UTF-16 or Windows-1252, whatever its name says.',
    'f.md': 'It is not text in UTF-8, UTF-16 or Windows-1252, whatever its name says.',
    'g/damaged.md': 'It is not text in UTF-8, UTF-16 or Windows-1252, whatever its name says.',
    'g/torn.md': 'It is not text in UTF-8, UTF-16 or Windows-1252, whatever its name says.',
    'e.md': 'It has 200001 bytes; at most 200000 are read of such a file.',
    circle: 'It is a symbolic link, which is not followed.',
  });
});

test('of more files than a source may have the first are read, and it says where it ended', async () => {
  for (const name of ['a', 'b', 'c']) put(`${name}.md`, name);
  const { documents, left } = await read(dir, { ...LIMITS, files: 2 });
  expect(Object.keys(documents)).toEqual(['a.md', 'b.md']);
  expect(left).toEqual({ 'c.md': 'A source has at most 2 documents; this one and what follows it were left out.' });
});

describe('archives', () => {
  test('a zip of documents is read like a folder', async () => {
    const { documents } = await read(
      put(
        'wiki.zip',
        zip([
          { name: 'a/b.md', bytes: '# B' },
          { name: '__MACOSX/a/b.md', bytes: 'x' },
        ]),
      ),
    );
    expect(documents).toEqual({ 'a/b.md': '# B\n' });
  });

  test('what is locked, would unpack without end, or says another length than it has, is left out with a sentence', async () => {
    const bomb = Buffer.alloc(40 * 2 ** 20, 97);
    const archive = zip([
      { name: 'bomb.md', bytes: bomb },
      { name: 'good.md', bytes: 'good' },
      { name: 'lie.md', bytes: 'longer than it says', says: 4 },
      { name: 'locked.md', bytes: 'x', locked: true },
    ]);
    const { documents, left } = await read(put('wiki.zip', archive));
    expect(documents).toEqual({ 'good.md': 'good\n' });
    expect(left).toMatchObject({
      'lie.md': 'Its archive cannot be read: a file in it is longer than it says.',
      'locked.md': 'It is encrypted inside its archive.',
    });
    expect(left['bomb.md']).toMatch(/^It would unpack to 41943040 bytes from \d+, which no document does\.$/);
  });

  test('one that is cut or none at all is a sentence', async () => {
    const whole = zip([{ name: 'a.md', bytes: 'kubelet, kubectl and kube-proxy' }]);
    await expect(read(put('cut.zip', whole.subarray(0, whole.length - 10)))).rejects.toThrow(
      'it is not a zip archive, or its end is missing',
    );
    await expect(read(put('none.zip', 'x'.repeat(100)))).rejects.toThrow('it is not a zip archive');
    const torn = Buffer.from(whole);
    torn.fill(0xff, 40, 50);
    expect((await read(put('torn.zip', torn))).left).toEqual({ 'a.md': 'Its archive cannot be read: it is damaged or ends too early.' });
  });
});

const entities = (body: string) => `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY lol "lol">]><hibernate-generic>
  <object class="BodyContent" package="c"><id name="id">9</id><property name="body"><![CDATA[${body}]]></property>
    <property name="content" class="Page" package="p"><id name="id">1</id></property></object>
  <object class="BodyContent"><id name="id">8</id><property name="body"><![CDATA[<p>old</p>]]></property><property name="content" class="Page"><id name="id">2</id></property></object>
  <object class="Page" package="p"><id name="id">1</id><property name="title"><![CDATA[Drain & wait]]></property>
    <property name="lastModificationDate">2025-03-01 10:00:00.000</property><property name="contentStatus"><![CDATA[current]]></property>
    <collection name="attachments"><element class="Attachment"><id name="id">77</id></element></collection></object>
  <object class="Page"><id name="id">2</id><property name="title">Drain</property><property name="originalVersion" class="Page"><id name="id">1</id></property></object>
  </hibernate-generic>`;

test('a Confluence space: its pages as they are now, with code and links, not what they were', async () => {
  put(
    'entities.xml',
    entities(
      '<h2>Steps</h2><p>See <ac:link><ri:page ri:content-title="Nodes" /></ac:link>.</p><ac:structured-macro ac:name="code"><ac:parameter ac:name="language">bash</ac:parameter><ac:plain-text-body><![CDATA[kubectl drain <node>]]]]><![CDATA[></ac:plain-text-body></ac:structured-macro>',
    ),
  );
  const { form, documents } = await read();
  expect(form).toBe('confluence');
  expect(documents).toEqual({ 'pages/1': '# Drain & wait\n\n## Steps\n\nSee Nodes.\n\n```\nkubectl drain <node>\n```\n' });
});

test('an export that ends in the middle of a page says so, and what came before is there', async () => {
  put('entities.xml', entities('<p>x</p>').slice(0, -60));
  expect((await read()).left).toEqual({
    'entities.xml': 'It cannot be read as XML: it ends in the middle of an element. What comes before that was read.',
  });
});

test('a Slack export: threads whole, over days; the rest by the pauses between; no coming and going; names instead of numbers', async () => {
  put(
    'users.json',
    JSON.stringify([
      { id: 'U1', name: 'kim', profile: { real_name: 'Kim' } },
      { id: 'U2', name: 'lu' },
    ]),
  );
  put('channels.json', JSON.stringify([{ name: 'ops' }]));
  put(
    'ops/2026-01-01.json',
    JSON.stringify([
      { type: 'message', user: 'U1', text: 'why is <@U2> paged?', ts: '1767225600.1', thread_ts: '1767225600.1' },
      { type: 'message', subtype: 'channel_join', user: 'U2', text: 'has joined', ts: '1767225601.1' },
      { type: 'message', user: 'U2', text: 'alone', ts: '1767225700.1' },
    ]),
  );
  put(
    'ops/2026-01-02.json',
    JSON.stringify([{ type: 'message', user: 'U2', text: 'disk: ```df -h```', ts: '1767312000.1', thread_ts: '1767225600.1' }]),
  );
  put('ops/2026-01-03.json', '{broken');
  const { form, documents, left } = await read();
  expect(form).toBe('slack');
  expect(documents).toEqual({
    'ops/1767225600.1': '# #ops: why is @lu paged?\n\nKim: why is @lu paged?\n\nlu: disk: \n\n```\ndf -h\n```\n',
    'ops/1767225700.1': '# #ops: alone\n\nlu: alone\n',
  });
  expect(left).toEqual({ 'ops/2026-01-03.json': 'It is not JSON, whatever its name says.' });
});

test('a dump of Stack Exchange: questions with tags, answers under the title of their question', async () => {
  put(
    'Posts.xml',
    `<?xml version="1.0"?><posts>
      <row Id="1" PostTypeId="1" Title="Why &gt; 1?" Tags="&lt;kubernetes&gt;&lt;dns&gt;" Body="&lt;p&gt;Because&lt;/p&gt;" LastActivityDate="2020-01-01T00:00:00.000" />
      <row Id="2" PostTypeId="2" ParentId="1" Score="3" Body="&lt;pre&gt;dig a&lt;/pre&gt;" LastActivityDate="2020-01-01T00:00:00.000" />
      <row Id="3" PostTypeId="5" Body="a wiki of a tag" /></posts>`,
  );
  const { form, documents } = await read();
  expect(form).toBe('stackOverflow');
  expect(documents).toEqual({
    'questions/1': '# Why > 1?\n\nBecause\n\nTags: kubernetes dns\n',
    'questions/1/answers/2': '# Why > 1?\n\n## Answer, 3 votes\n\n```\ndig a\n```\n',
  });
});

test('the Kubernetes documentation: pages in English, without the marks of its maker, with the examples they show', async () => {
  put('content/en/docs/_index.md', '---\ntitle: Docs\n---\n');
  put('content/de/docs/a.md', 'nicht');
  put('content/en/examples/pod.yaml', 'kind: Pod\n');
  put(
    'content/en/docs/a.md',
    '---\ntitle: "Probes"\n---\n<!-- overview -->\n{{< feature-state for_k8s_version="v1.20" state="stable" >}}\nA {{< glossary_tooltip text="pod" term_id="pod" >}} [is](/docs/x).\n{{< note >}}\nMind it.\n{{< /note >}}\n## {{% heading "prerequisites" %}}\n{{% code_sample file="pod.yaml" %}}\n',
  );
  const { form, documents } = await read();
  expect(form).toBe('kubernetesDocs');
  expect(Object.keys(documents)).toEqual(['docs/_index.md', 'docs/a.md']);
  expect(documents['docs/a.md']).toContain(
    'Feature state: stable since Kubernetes v1.20.\nA pod is.\n\nNote: \nMind it.\n\n## prerequisites\n\n```\nkind: Pod\n```\n',
  );
});
