import { structuredPatch } from 'diff';

/** What changed from one text to the other, as a unified diff; empty where nothing did. */
export function textDiff(before: string, after: string): string {
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: 2 });
  return hunks
    .flatMap((h) => [
      `@@ -${h.oldStart},${h.oldLines} +${h.newStart},${h.newLines} @@`,
      ...h.lines.filter((l) => !l.startsWith('\\ No newline')),
    ])
    .join('\n');
}
