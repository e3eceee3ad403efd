import { linkTo } from '../state/route.ts';

/** Stands in addresses where sources of knowledge have their names, none of which begins with a tilde: `#/knowledge/~runbooks/SVC-001`. */
export const RUNBOOKS = '~runbooks';
export const linkToRunbook = (code?: string): string =>
  `${linkTo('knowledge', RUNBOOKS)}${code === undefined ? '' : `/${encodeURIComponent(code)}`}`;
