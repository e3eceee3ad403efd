/** Records of a table (RFC 4180), and of tables with other signs between the cells. */
export function recordsOf(text: string): string[][] {
  const between = separatorOf(text);
  const records: string[][] = [];
  let record: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && cell === '') quoted = true;
    else if (sign === between) {
      record.push(cell);
      cell = '';
    } else if (sign === '\n') {
      records.push([...record, cell.replace(/\r$/, '')]);
      record = [];
      cell = '';
    } else cell += sign;
  }
  if (cell !== '' || record.length > 0) records.push([...record, cell]);
  return records;
}

/** What stands most often between the names of the columns. */
function separatorOf(text: string): string {
  const [head = ''] = text.split('\n', 1);
  const times = (sign: string) => head.split(sign).length;
  return [',', ';', '\t', '|'].reduce((most, sign) => (times(sign) > times(most) ? sign : most));
}

/** A record of so few words is a measurement, and says nothing that is looked for in words. */
const FEWEST_WORDS = 4;
/** What has more records is data, and no list that people wrote. */
const MOST_RECORDS = 5_000;

/** A table whose records say something in words, each under its first cell with the names of its columns. */
export function tableToMarkdown(text: string): string {
  const [head = [], ...records] = recordsOf(text);
  const telling =
    records.length > MOST_RECORDS ? [] : records.filter((record) => (record.join(' ').match(/\p{L}{2,}/gu)?.length ?? 0) >= FEWEST_WORDS);
  return telling
    .map((record) => {
      const cells = record
        .map((cell, i) => ({ name: (head[i] ?? '').trim(), said: cell.trim().replaceAll(/\s*\n\s*/g, ' ') }))
        .filter(({ said }) => said !== '');
      const [first, ...others] = cells;
      return `## ${first?.said.slice(0, 120) ?? ''}\n\n${[...(first === undefined ? [] : [first]), ...others].map(({ name, said }) => (name === '' ? said : `${name}: ${said}`)).join('\n')}\n`;
    })
    .join('\n');
}
