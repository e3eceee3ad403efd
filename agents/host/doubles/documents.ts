import { crc32, deflateRawSync } from 'node:zlib';

/** Documents of tests, as the usual programs write them. */

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Buffer | string;
  /** What its list says instead of the truth. */
  readonly says?: number;
  readonly locked?: boolean;
}

export function zip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, says, locked = false } of entries) {
    const body = Buffer.from(bytes);
    const packed = deflateRawSync(body);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(locked ? 1 : 0, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE((12 << 11) | (30 << 5), 6);
    common.writeUInt16LE(((2026 - 1980) << 9) | (3 << 5) | 1, 8);
    common.writeUInt32LE(crc32(body), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(says ?? body.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    common.copy(head, 4);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    common.copy(entry, 6);
    entry.writeUInt32LE(at, 42);
    parts.push(head, Buffer.from(name), packed);
    list.push(entry, Buffer.from(name));
    at += head.length + Buffer.byteLength(name) + packed.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

/** A Word document of this body, with what its styles are called by their ids, and its other parts. */
export function docx(body: string, styles: Readonly<Record<string, string>>, parts: Readonly<Record<string, string>> = {}): Buffer {
  const space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
  const named = Object.entries(styles).map(
    ([id, name]) => `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`,
  );
  return zip([
    { name: 'word/document.xml', bytes: `<?xml version="1.0"?><w:document ${space}><w:body>${body}</w:body></w:document>` },
    { name: 'word/styles.xml', bytes: `<?xml version="1.0"?><w:styles ${space}>${named.join('')}</w:styles>` },
    ...Object.entries(parts).map(([part, inside]) => ({
      name: `word/${part}.xml`,
      bytes: `<?xml version="1.0"?><w:${part} ${space}>${inside}</w:${part}>`,
    })),
  ]);
}

/** One page of text. `encrypted`: with a password that nobody has. */
export function pdf(lines: readonly string[], encrypted = false): Buffer {
  const drawn = lines.map((line) => `(${line.replaceAll(/[()\\]/g, '\\$&')}) Tj T*`).join('\n');
  const content = `BT /F1 12 Tf 14 TL 72 720 Td\n${drawn}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...(encrypted ? [`<< /Filter /Standard /V 1 /R 2 /O <${'61'.repeat(32)}> /U <${'62'.repeat(32)}> /P -4 >>`] : []),
  ];
  let text = '%PDF-1.4\n';
  const places = objects.map((object, i) => {
    const place = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')}`;
  const locked = encrypted ? `/Encrypt 6 0 R /ID [<${'63'.repeat(16)}> <${'63'.repeat(16)}>] ` : '';
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${locked}>>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
