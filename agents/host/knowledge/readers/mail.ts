import { fragmentToMarkdown, shielded } from './html.ts';

/** A mail as a document. */
export interface Mail {
  readonly at: string | null;
  readonly markdown: string;
}

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Parts in parts are no deeper in a mail of people. */
const DEEPEST = 10;

/** A mail (RFC 5322, MIME): under its subject what it says, without what it answers and without the signature. `source`: one letter a byte. */
export function mailToMarkdown(source: string): Mail {
  const mail = partOf(source.replaceAll('\r\n', '\n'));
  const subject = decoded(mail.headers.get('subject') ?? '').trim();
  const from = decoded(mail.headers.get('from') ?? '')
    .replace(/\s{0,9}<[^<>]{0,300}>/, '')
    .replaceAll('"', '')
    .trim();
  const sent = Date.parse(mail.headers.get('date') ?? '');
  const at = Number.isNaN(sent) ? null : new Date(sent).toISOString();
  const head = subject === '' ? '' : `# ${subject.replaceAll(/\s+/g, ' ')}\n\n`;
  const by = from === '' ? '' : `From ${from}${at === null ? '' : `, ${at.slice(0, 10)}`}\n\n`;
  return { at, markdown: `${head}${by}${saidIn(mail, DEEPEST).trim()}\n` };
}

/** The mails of a mailbox (RFC 4155), one letter a byte. */
export function* mailsOf(mailbox: string): Generator<string> {
  let from = -1;
  for (const { index } of mailbox.matchAll(/^From \S.{0,300}\d{4}\s{0,3}$/gm)) {
    if (from !== -1) yield oneOf(mailbox.slice(from, index));
    from = index;
  }
  if (from !== -1) yield oneOf(mailbox.slice(from));
}

const oneOf = (text: string) => text.slice(text.indexOf('\n') + 1).replaceAll(/^>(>*From )/gm, '$1');

function partOf(text: string): Part {
  const end = text.startsWith('\n') ? 0 : text.indexOf('\n\n');
  const headers = new Map<string, string>();
  for (const line of text
    .slice(0, end === -1 ? text.length : end)
    .replaceAll(/\n[ \t]{1,100}/g, ' ')
    .split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    if (name !== '' && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, body: end === -1 ? '' : text.slice(end + (end === 0 ? 1 : 2)) };
}

const parameter = (header: string, name: string): string | undefined =>
  new RegExp(`;\\s{0,9}${name}\\s{0,3}=\\s{0,3}(?:"([^"]{0,200})"|([^\\s;]{1,200}))`, 'i')
    .exec(header)
    ?.slice(1)
    .find((value) => value !== undefined);

/** Of several forms of the same text the plain one; of several parts all; no attachments. */
function saidIn({ headers, body }: Part, depth: number): string {
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = parameter(type, 'boundary');
  if (/^multipart\//i.test(type) && boundary !== undefined && depth > 0) {
    const parts = `\n${body}`
      .split(`\n--${boundary}`)
      .slice(1)
      .filter((part) => !part.startsWith('--'))
      .map((part) => partOf(part.slice(part.indexOf('\n') + 1)));
    if (!/^multipart\/alternative/i.test(type))
      return parts
        .map((part) => saidIn(part, depth - 1))
        .filter((said) => said !== '')
        .join('\n\n');
    const plain = parts.find((part) => /^text\/plain/i.test(part.headers.get('content-type') ?? 'text/plain'));
    const [said = ''] = [...(plain === undefined ? [] : [plain]), ...parts]
      .map((part) => saidIn(part, depth - 1))
      .filter((one) => one !== '');
    return said;
  }
  if (/^attachment/i.test(headers.get('content-disposition') ?? '')) return '';
  const text = () => textIn(body, headers.get('content-transfer-encoding') ?? '', parameter(type, 'charset') ?? 'utf-8');
  if (/^text\/html/i.test(type)) return fragmentToMarkdown(text().replaceAll(/<blockquote[^]*?<\/blockquote>/gi, ''));
  return /^text\/(?:plain|markdown)/i.test(type) ? ownWords(text()) : '';
}

/** What whoever wrote it says, not what it answers. */
const ownWords = (text: string): string =>
  shielded(
    (text.split(/^-- ?$/m)[0] ?? '')
      .replaceAll(/^On .{1,200} wrote:$/gm, '')
      .split('\n')
      .filter((line) => !line.startsWith('>'))
      .join('\n'),
  );

function textIn(body: string, encoding: string, charset: string): string {
  const bytes = /^base64/i.test(encoding)
    ? Buffer.from(body, 'base64')
    : Buffer.from(/^quoted-printable/i.test(encoding) ? unquoted(body) : body, 'latin1');
  return decodedIn(bytes, charset).replaceAll('\r\n', '\n');
}

const unquoted = (text: string): string =>
  text.replaceAll(/=[ \t]{0,9}\n/g, '').replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

function decodedIn(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder('utf-8').decode(bytes);
  }
}

/** A header with encoded words (RFC 2047), or in UTF-8. */
const decoded = (header: string): string =>
  header.includes('=?')
    ? header
        .replaceAll(/\?=\s{1,9}(?==\?)/g, '?=')
        .replaceAll(/=\?([\w-]{1,40})(?:\*[\w-]{1,20})?\?([bq])\?([^?\s]{0,400})\?=/gi, (_, charset: string, by: string, text: string) =>
          decodedIn(/b/i.test(by) ? Buffer.from(text, 'base64') : Buffer.from(unquoted(text.replaceAll('_', ' ')), 'latin1'), charset),
        )
    : decodedIn(Buffer.from(header, 'latin1'), 'utf-8');
