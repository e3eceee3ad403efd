import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { type ZipEntry, zip } from '../doubles/documents.ts';
import { Knowledge } from './knowledge.ts';

/** Exports as the programs people have write them, given as they are downloaded, and asked as people ask. */

let dir: string;
let knowledge: Knowledge;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'exports-'));
  knowledge = new Knowledge({ dataDir: dir, clock: systemClock, log: () => undefined, embedder: () => Promise.resolve(null), builtIn: [] });
});
afterEach(async () => {
  await knowledge.close();
  rmSync(dir, { recursive: true });
});

function put(path: string, bytes: string | Buffer): string {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), bytes);
  return join(dir, path);
}
async function added(path: string) {
  const outcome = await knowledge.add({ path, watch: false });
  if (!outcome.ok) throw new Error(outcome.failure.message);
  const { source, added: fresh, changed, unchanged, skipped } = outcome.value;
  return { form: source.form, trust: source.trust, licence: source.licence, added: fresh, changed, unchanged, skipped };
}
const best = async (text: string) => {
  const [first] = (await knowledge.search({ text, top: 1 })).results;
  return first === undefined ? undefined : { path: first.path, heading: first.heading, text: first.text };
};
const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));

const property = (name: string, value: string) => `<property name="${name}"><![CDATA[${value}]]></property>\n`;
const refers = (name: string, kind: string, id: number) =>
  `<property name="${name}" class="${kind}" package="com.atlassian.confluence.pages"><id name="id">${id}</id>\n</property>\n`;
const object = (kind: string, id: number, inner: string) =>
  `<object class="${kind}" package="com.atlassian.confluence.pages">\n<id name="id">${id}</id>\n${inner}</object>\n`;

function confluenceSpace(pump7: string): Buffer {
  const page = (n: number, more = '', status = 'current') =>
    object(
      'Page',
      1_000 + n,
      `<property name="position"/>\n${property('title', `Pump ${n} of hall ${n % 7}`)}${property('lowerTitle', `pump ${n}`)}` +
        `<collection name="bodyContents" class="java.util.Collection"><element class="BodyContent" package="com.atlassian.confluence.core"><id name="id">${5_000 + n}</id>\n</element>\n</collection>\n` +
        `<property name="version">3</property>\n<property name="creator" class="ConfluenceUserImpl" package="com.atlassian.confluence.user"><id name="key"><![CDATA[8a7f]]></id>\n</property>\n` +
        `<property name="creationDate">2024-02-01 09:00:00.000</property>\n<property name="lastModificationDate">2025-05-04 10:20:30.123</property>\n${property('contentStatus', status)}${more}`,
    );
  const body = (n: number, html: string, of = 'Page') =>
    object(
      'BodyContent',
      5_000 + n,
      `${property('body', html)}${refers('content', of, 1_000 + n)}<property name="bodyType">2</property>\n`,
    );
  const text = (n: number, what: string) =>
    `<ac:structured-macro ac:name="toc" /><h1>Opening</h1><p>${what}&nbsp;by hand, see <ac:link><ri:page ri:content-title="Pump ${n + 1} of hall ${(n + 1) % 7}" /></ac:link>.</p>` +
    `<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">bash</ac:parameter><ac:plain-text-body><![CDATA[pumpctl open ${n} --wait]]]]><![CDATA[></ac:plain-text-body></ac:structured-macro>` +
    `<table><tbody><tr><th>hall</th><th>valve</th></tr><tr><td>${n % 7}</td><td>V-${n}</td></tr></tbody></table>`;
  const xml =
    `<?xml version="1.0" encoding="UTF-8"?>\n<hibernate-generic datetime="2025-06-01 12:00:00">\n` +
    object('Space', 1, property('name', 'Operations')) +
    many(300, (n) => body(n, text(n, n === 7 ? pump7 : `Pump ${n} is opened`))).join('') +
    many(300, (n) => page(n)).join('') +
    // What it was, what was thrown away, what is not finished, and what people said below it.
    many(40, (n) => body(400 + n, '<p>obsolescent words</p>') + page(400 + n, refers('originalVersion', 'Page', 1_000 + n))).join('') +
    body(500, '<p>obsolescent words</p>') +
    page(500, '', 'deleted') +
    body(501, '<p>obsolescent words</p>') +
    page(501, '', 'draft') +
    body(502, '<p>obsolescent words</p>', 'Comment') +
    object('Comment', 1_502, refers('containerContent', 'Page', 1_007)) +
    '</hibernate-generic>\n';
  return zip([
    { name: 'entities.xml', bytes: xml },
    { name: 'exportDescriptor.properties', bytes: 'exportType=space\n' },
    { name: 'attachments/1007/9000/1', bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]) },
  ]);
}

test('a Confluence space of 300 pages as a zip: pages as they are now, found with their headings; a newer export changes one', async () => {
  const file = put('wiki.zip', confluenceSpace('Pump 7 is opened'));
  expect(await added(file)).toEqual({ form: 'confluence', trust: 'own', licence: null, added: 300, changed: 0, unchanged: 0, skipped: [] });
  expect(await best('pumpctl open 7')).toEqual({
    path: 'pages/1007',
    heading: 'Opening',
    text: expect.stringContaining('```\npumpctl open 7 --wait\n```') as unknown,
  });
  expect(await best('obsolescent')).toBeUndefined();
  writeFileSync(file, confluenceSpace('Pump 7 was taken to the zymurgist and is not opened'));
  expect(await added(file)).toMatchObject({ added: 0, changed: 1, unchanged: 299 });
  expect((await best('zymurgist'))?.path).toBe('pages/1007');
});

test('a Slack export of 60 days as a zip: a thread is one document over its days, people have names, and noise is left out', async () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
  const at = (n: number, second: number) => `${Date.UTC(2026, 0, 1 + n) / 1_000 + second}.000100`;
  const message = (n: number, second: number, text: string, more: object = {}) => ({
    client_msg_id: `m-${n}-${second}`,
    type: 'message',
    user: `U0${(n + second) % 3}`,
    text,
    ts: at(n, second),
    team: 'T1',
    blocks: [{ type: 'rich_text', block_id: 'b', elements: [] }],
    ...more,
  });
  const root = at(3, 60);
  const days: ZipEntry[] = many(60, (n) => ({
    name: `ops/${day(n)}.json`,
    bytes: JSON.stringify([
      { type: 'message', subtype: 'channel_join', user: 'U01', text: '<@U01> has joined the channel', ts: at(n, 1) },
      message(n, 30, `good morning, day ${n}`),
      ...(n === 3 ? [message(3, 60, 'the boiler in hall 9 trips again <!here>', { thread_ts: root, reply_count: 2 })] : []),
      ...(n === 4 ? [message(4, 10, 'look at <https://wiki.example/v9|valve 9> &amp; run ```pumpctl vent 9```', { thread_ts: root })] : []),
      ...(n === 9 ? [message(9, 10, 'fixed: the zymurgist had closed it', { thread_ts: root })] : []),
    ]),
  }));
  const file = put(
    'slack.zip',
    zip([
      { name: 'channels.json', bytes: JSON.stringify([{ id: 'C1', name: 'ops', created: 1, members: ['U00'], topic: { value: '' } }]) },
      {
        name: 'users.json',
        bytes: JSON.stringify(
          many(3, (n) => ({ id: `U0${n}`, name: `u${n}`, deleted: false, profile: { real_name: `Kim ${n}`, email: 'x@y' } })),
        ),
      },
      { name: 'integration_logs.json', bytes: '[]' },
      ...days,
    ]),
  );
  expect(await added(file)).toMatchObject({ form: 'slack', trust: 'own', skipped: [] });
  const found = await best('boiler hall 9 trips');
  expect(found?.path).toBe(`ops/${root}`);
  expect(found?.text).toMatch(
    /Kim \d: the boiler in hall 9 trips again @here[\s\S]*valve 9 \(https:\/\/wiki\.example\/v9\) & run[\s\S]*pumpctl vent 9[\s\S]*zymurgist had closed it/,
  );
  expect(await best('joined the channel')).toBeUndefined();
});

test('a dump of Stack Exchange with 1,000 posts: each question and answer with its title and licence; what is no post is none', async () => {
  const escape = (html: string) =>
    html.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\n', '&#xA;');
  const row = (id: number) =>
    id % 2 === 1
      ? `  <row Id="${id}" PostTypeId="1" AcceptedAnswerId="${id + 1}" CreationDate="2019-03-01T10:00:00.000" Score="4" ViewCount="90" Body="${escape(`<p>Pump ${id} says "stuck" & stops.</p>\n<pre><code>pumpctl get ${id} > out\n</code></pre>`)}" OwnerUserId="5" LastActivityDate="2020-04-01T10:00:00.000" Title="Why does pump ${id} stop?" Tags="|pump|hall-${id % 7}|" AnswerCount="1" ContentLicense="CC BY-SA 4.0" />`
      : `  <row Id="${id}" PostTypeId="2" ParentId="${id - 1}" CreationDate="2019-03-02T10:00:00.000" Score="${id % 5}" Body="${escape(`<p>Its valve ${id} is shut: <code>pumpctl vent ${id}</code>.</p>`)}" OwnerUserId="6" LastActivityDate="2020-04-02T10:00:00.000" ContentLicense="CC BY-SA 4.0" />`;
  const wiki = '  <row Id="9001" PostTypeId="4" Body="obsolescent words of a tag" CreationDate="2019-01-01T00:00:00.000" />';
  put(
    'dump/Posts.xml',
    `\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n<posts>\r\n${many(1_000, (n) => row(n + 1)).join('\r\n')}\r\n${wiki}\r\n</posts>`,
  );
  put('dump/Comments.xml', '<?xml version="1.0" encoding="utf-8"?><comments><row Id="1" Text="obsolescent" /></comments>');
  expect(await added(join(dir, 'dump'))).toEqual({
    form: 'stackOverflow',
    trust: 'public',
    licence: 'CC BY-SA 4.0',
    added: 1_000,
    changed: 0,
    unchanged: 0,
    skipped: [],
  });
  expect(await best('pumpctl vent 810')).toMatchObject({
    path: 'questions/809/answers/810',
    heading: expect.stringMatching(/^Why does pump 809 stop\? > Answer, \d votes?$/) as unknown,
  });
  expect(await best('obsolescent')).toBeUndefined();
});

test('a checkout of the Kubernetes documentation: English pages by their titles, front matter and marks of the site left out, examples shown', async () => {
  const front = (title: string, weight: number) =>
    `---\nreviewers:\n- somebody\n- obsolescent\ntitle: ${title}\ncontent_type: concept\ndescription: >-\n  obsolescent words\nweight: ${weight}\nfeature:\n  title: Obsolescent\n  description: obsolescent\n---\n\n<!-- overview -->\n\n`;
  put('website/content/en/docs/_index.md', `${front('Documentation', 1)}`);
  for (let n = 0; n < 40; n += 1)
    put(
      `website/content/en/docs/concepts/pumps/pump-${n}.md`,
      `${front(`Pump ${n}`, n)}A {{< glossary_tooltip text="pump" term_id="pump" >}} of hall ${n}.\n\n{{< note >}}\nDo not open pump ${n} twice.\n{{< /note >}}\n\n<!-- body -->\n\n## Opening pump ${n} {#opening}\n\n{{% code_sample language="yaml" file="pumps/pump.yaml" %}}\n\n{{< tabs name="t" >}}{{% tab name="By hand" %}}\nTurn wheel ${n}.\n{{% /tab %}}{{< /tabs >}}\n\n## {{% heading "whatsnext" %}}\n\n* Read about [valves](/docs/concepts/valves/).\n`,
    );
  put('website/content/en/examples/pumps/pump.yaml', 'kind: Pump\nspec: {wheel: left}\n');
  put('website/content/en/blog/_posts/2020-01-01-x.md', `${front('Blog', 1)}words\n`);
  for (const language of ['de', 'zh-cn', 'fr'])
    put(`website/content/${language}/docs/concepts/pumps/pump-1.md`, `${front('Pumpe', 1)}obsolescent\n`);
  put('website/README.md', 'obsolescent words about the site itself\n');
  put('website/.git/HEAD', 'ref: refs/heads/main\n');
  expect(await added(join(dir, 'website'))).toMatchObject({ form: 'kubernetesDocs', trust: 'vendor', licence: 'CC BY 4.0', skipped: [] });
  const found = await best('opening pump 23 by hand');
  expect(found?.path).toBe('docs/concepts/pumps/pump-23.md');
  expect(found?.text).toContain('Note: \nDo not open pump 23 twice.');
  expect(found?.text).toContain('```\nkind: Pump\nspec: {wheel: left}\n```');
  expect(found?.text).toContain("## What's next\n\n* Read about valves.");
  expect(found?.text).not.toMatch(/\{\{|<!--|#opening/);
  expect(found?.heading).toBe('Pump 23');
  expect(await best('obsolescent')).toBeUndefined();
});
