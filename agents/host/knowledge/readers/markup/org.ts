import { FENCE, type Writer, heading, insideFence, outsideCode } from './writer.ts';

/** What Org mode itself writes before a heading to say its state, as long as a file names no words of its own. */
const STATES = ['TODO', 'DONE'];

/** https://orgmode.org/org.html: headings without their states, priorities and tags; no drawers, clocks and plans. */
export function org(): Writer {
  /** What the block is called that is open: another one inside of it is its text. */
  let block: string | undefined;
  let inDrawer = false;
  const states = new Set(STATES);
  const titleOf = (heading: string): string => {
    const [first = ''] = heading.split(' ', 1);
    return (states.has(first) ? heading.slice(first.length).trimStart() : heading)
      .replace(/^\[#[A-Z0-9]\]\s{0,9}/, '')
      .replace(/\s{1,200}:[\p{L}\d_@#%:]{1,200}:$/u, '');
  };
  return {
    line(line) {
      const [, edge, name] = /^\s*#\+(begin|end)_(src|example)\b/i.exec(line.toLowerCase()) ?? [];
      if (name !== undefined && (edge === 'begin' ? block === undefined : block === name)) {
        block = edge === 'begin' ? name : undefined;
        return `${FENCE}\n`;
      }
      if (block !== undefined) return `${insideFence(line)}\n`;
      const [, stars, title] = /^(\*+)\s+(\S.*)$/.exec(line) ?? [];
      if (stars !== undefined && title !== undefined) {
        inDrawer = false;
        return heading(stars.length, inline(titleOf(title.trimEnd())));
      }
      const said = line.trim();
      if (inDrawer || /^:(?:PROPERTIES|LOGBOOK|CLOCK):$/i.test(said)) {
        inDrawer = !/^:END:$/i.test(said);
        return undefined;
      }
      const [, named] = /^#\+title:\s*(\S.*)$/i.exec(line) ?? [];
      if (named !== undefined) return heading(1, named);
      const [, own] = /^#\+(?:seq_|typ_)?todo:\s*(\S.{0,400})$/i.exec(line) ?? [];
      for (const state of own?.split(/[\s|]+/) ?? []) states.add(state.replace(/\(.*$/, ''));
      if (/^(?:#\+|:[\w-]+:\s*(?:\S+\s*)?$|# |#$|(?:CLOSED|SCHEDULED|DEADLINE|CLOCK):\s|\|-[-+]{1,400}\|?$)/.test(said)) return undefined;
      return `${outsideCode(line.replace(/^\[fn:[\w-]{1,40}\]\s{1,9}/, ''), inline)}\n`;
    },
    end: () => (block === undefined ? '' : `${FENCE}\n`),
  };
}

const inline = (text: string): string => {
  let said = text;
  if (said.includes('['))
    said = said
      .replaceAll(/\[\[([^[\]]{1,600})\](?:\[([^[\]]{1,300})\])?\]/g, (_, to: string, words?: string) => words ?? to)
      .replaceAll(/\[fn:[\w-]{1,40}\]/g, '');
  if (/[~=]/.test(said)) said = said.replaceAll(/(^|[\s(])([~=])(\S[^~=]{0,200}?)\2(?=$|[\s).,;:!?])/g, '$1`$3`');
  return said;
};
