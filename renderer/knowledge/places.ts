import { linkTo } from '../state/route.ts';

/** A document of a source, at a line where one is given: `#/knowledge/wiki/nodes%2Fdrain.md?line=12`. */
export const linkToDocument = (source: string, path: string, line?: number): string =>
  `${linkTo('knowledge', source)}/${encodeURIComponent(path)}${line === undefined ? '' : `?line=${line}`}`;

export const linkToQuestion = (ask: string): string => linkTo('knowledge', undefined, { ask });
