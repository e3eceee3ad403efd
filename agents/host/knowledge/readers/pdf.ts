/** Why a PDF cannot be read, as a sentence. */
export class BadPdf extends Error {}

/** Its text, page by page, as Markdown with a heading a page. @throws BadPdf */
export async function* pdfToMarkdown(bytes: Buffer): AsyncGenerator<string> {
  if (bytes.subarray(0, 1_024).indexOf('%PDF-') === -1) throw new BadPdf('It is not a PDF, whatever its name says.');
  // Large, and rarely needed.
  const { extractText, getDocumentProxy } = await import('unpdf');
  let pages: string[];
  try {
    const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    try {
      pages = (await extractText(pdf, { mergePages: false })).text;
    } finally {
      await pdf.loadingTask.destroy();
    }
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'PasswordException') throw new BadPdf('It is encrypted with a password. Save a copy without one to have it read.');
    throw new BadPdf(`It is damaged: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (pages.every((page) => page.trim() === ''))
    throw new BadPdf(
      `It has ${pages.length} ${pages.length === 1 ? 'page' : 'pages'} and no text: it is made of pictures, which are not read.`,
    );
  for (const [index, page] of pages.entries()) if (page.trim() !== '') yield `## Page ${index + 1}\n\n${paragraphs(page)}\n\n`;
}

/** Lines that are not ended by a sentence go on in the next; a line that looks like a heading is none. */
const paragraphs = (page: string) =>
  page
    .replaceAll(/([\p{L},;])-?\n(?=\p{Ll})/gu, (all, before: string) => (all.includes('-\n') ? before : `${before} `))
    .replaceAll(/([.:?!])\n(?=[\p{Lu}\p{N}])/gu, '$1\n\n')
    .replaceAll(/^([^\S\n]*)(#{1,6}\s|`{3,}|~{3,})/gm, '$1\\$2');
