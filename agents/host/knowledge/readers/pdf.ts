import { type PdfRun, pagesToMarkdown } from './pdf-layout.ts';

/** Why a PDF cannot be read, as a sentence. */
export class BadPdf extends Error {}

/** Its text, page by page, as Markdown. @throws BadPdf */
export async function* pdfToMarkdown(bytes: Buffer): AsyncGenerator<string> {
  if (bytes.subarray(0, 1_024).indexOf('%PDF-') === -1) throw new BadPdf('It is not a PDF, whatever its name says.');
  let pages: PdfRun[][];
  try {
    pages = await runsOf(bytes);
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'PasswordException') throw new BadPdf('It is encrypted with a password. Save a copy without one to have it read.');
    throw new BadPdf(`It is damaged: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (pages.every((page) => page.every(({ text }) => text.trim() === '')))
    throw new BadPdf(
      `It has ${pages.length} ${pages.length === 1 ? 'page' : 'pages'} and no text: it is made of pictures, which are not read.`,
    );
  yield* pagesToMarkdown(pages);
}

async function runsOf(bytes: Buffer): Promise<PdfRun[][]> {
  // Large, and rarely needed.
  const { getDocumentProxy } = await import('unpdf');
  const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
  try {
    const pages: PdfRun[][] = [];
    for (let number = 1; number <= pdf.numPages; number += 1) {
      const page = await pdf.getPage(number);
      const { items, styles } = await page.getTextContent();
      pages.push(
        items.flatMap((item): PdfRun[] => {
          if (!('str' in item) || item.str === '') return [];
          const [, , c = 0, d = 0, x = 0, y = 0] = item.transform as number[];
          const isMono = /mono|courier/i.test(styles[item.fontName]?.fontFamily ?? '');
          return [{ text: item.str, x, y, width: item.width, size: Math.hypot(c, d), font: item.fontName, isMono }];
        }),
      );
      page.cleanup();
    }
    return pages;
  } finally {
    await pdf.loadingTask.destroy();
  }
}
