/** A longer line is taken in pieces; nobody writes such, programs do. */
export const LONGEST_LINE = 64 * 1024;

/** Where a longer line is cut: between two letters, never through one of two halves. */
export const cutOf = (line: string): number => (/[\ud800-\udbff]/.test(line[LONGEST_LINE - 1] ?? '') ? LONGEST_LINE - 1 : LONGEST_LINE);
