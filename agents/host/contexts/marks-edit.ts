import { type Document, type YAMLMap, isMap, isSeq, parseDocument } from 'yaml';
import type { ContextMarks, Outcome } from '../../contract/index.ts';
import { type MarksFile, MarksIndex, type Place, atHome, parseMarks } from './marks.ts';

/** Changes to the text of `contexts.yaml`. What people wrote (comments, order, keys we do not know) stays as it is. */

const HEAD = ` What Quarterdeck keeps about contexts. Written by the app, and yours to edit: it is read again when it changes.
 contexts: name, file, protected, readOnly, color, group, alias. files: kubeconfigs, or folders of them, read besides the others.`;

/** Reads, changes and writes the text. The text before must be valid: what cannot be understood is not written over. */
function edited(text: string, change: (document: Document) => void): string {
  const document: Document = parseDocument(text, { logLevel: 'silent' });
  if (!isMap(document.contents)) {
    document.contents = document.createNode({});
    document.commentBefore ??= HEAD;
  }
  change(document);
  return document.toString({ lineWidth: 0 });
}

function listOf(document: Document, key: string): readonly unknown[] {
  const list = document.get(key);
  return isSeq(list) ? list.items : [];
}

function append(document: Document, key: string, value: unknown): void {
  if (isSeq(document.get(key))) document.addIn([key], document.createNode(value));
  else document.set(key, document.createNode([value]));
}

export type MarkChanges = { readonly [K in keyof ContextMarks]?: ContextMarks[K] | undefined };

/**
 * The text with a context marked otherwise. Taking a mark away removes it wherever it comes from; contexts that had it from the same
 * line keep it by a line of their own. Fails as `parseMarks` does.
 */
export function withMarks(
  text: string,
  home: string,
  place: Place,
  changes: MarkChanges,
  known: readonly Place[],
): Outcome<{ text: string; marks: ContextMarks }> {
  const before = parseMarks(text, home);
  if (!before.ok) return before;
  const others = known.filter((p) => p.file !== place.file || p.nameInFile !== place.nameInFile);
  const all = [...others, place];
  const old = new MarksIndex(before.value, all);
  const foreign = old.entries(place).filter((e) => e.file !== place.file || e.name !== place.nameInFile);
  const elsewhere: Elsewhere = (key) => foreign.some((e) => e[key as keyof ContextMarks] !== undefined);
  let next = edited(text, (document) => {
    if (changes.protected === false && old.isListed(place)) unlist(document, place);
    for (const key of ['protected', 'readOnly'] as const)
      if (changes[key] === false)
        for (const entry of old.entries(place))
          if (entry[key] === true) document.deleteIn(['contexts', before.value.contexts.indexOf(entry), key]);
  });
  next = edited(next, (document) => setEntry(document, home, place, changes, elsewhere));
  const now = (): Outcome<MarksFile> => parseMarks(next, home);
  const middle = now();
  if (!middle.ok) return middle;
  const index = new MarksIndex(middle.value, all);
  for (const other of others) {
    const [had, has] = [old.marks(other), index.marks(other)];
    const lost: MarkChanges = {
      ...(had.protected && !has.protected ? { protected: true } : {}),
      ...(had.readOnly && !has.readOnly ? { readOnly: true } : {}),
    };
    if (Object.keys(lost).length > 0) next = edited(next, (document) => setEntry(document, home, other, lost, () => false));
  }
  const after = now();
  return after.ok ? { ok: true, value: { text: next, marks: new MarksIndex(after.value, all).marks(place) } } : after;
}

function unlist(document: Document, { name, nameInFile }: Place): void {
  const items = listOf(document, 'protected');
  for (let i = items.length - 1; i >= 0; i--) {
    const value = String(document.getIn(['protected', i]));
    if (value === name || value === nameInFile) document.deleteIn(['protected', i]);
  }
}

/** Whether an entry that is not this context's own says something about it. */
type Elsewhere = (key: string) => boolean;

/** Writes into the entry that means this context and no other; makes it where there is none. */
function setEntry(document: Document, home: string, place: Place, changes: MarkChanges, elsewhere: Elsewhere): void {
  const entries = listOf(document, 'contexts');
  const mine = (entry: unknown): entry is YAMLMap =>
    isMap(entry) && String(entry.get('name')) === place.nameInFile && atHome(String(entry.get('file') ?? ''), home) === place.file;
  let at = entries.findIndex(mine);
  if (at < 0) {
    append(document, 'contexts', { name: place.nameInFile, file: place.file });
    at = listOf(document, 'contexts').length - 1;
  }
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    // What another entry says of its looks is overruled by an explicit nothing.
    if (value === false || (value === null && !elsewhere(key))) document.deleteIn(['contexts', at, key]);
    else document.setIn(['contexts', at, key], value);
  }
  const entry = listOf(document, 'contexts')[at];
  const bare = isMap(entry) && entry.items.every((pair) => ['name', 'file'].includes(String(pair.key)));
  if (bare && entry.comment == null && entry.commentBefore == null) document.deleteIn(['contexts', at]);
}

/** The text with a kubeconfig or folder added or removed; undefined where nothing changes. Fails as `parseMarks` does. */
export function withFile(text: string, home: string, path: string, there: boolean): Outcome<string | undefined> {
  const before = parseMarks(text, home);
  if (!before.ok) return before;
  const at = before.value.files.indexOf(path);
  if (at >= 0 === there) return { ok: true, value: undefined };
  const change = (document: Document): void => {
    if (there) append(document, 'files', path);
    else document.deleteIn(['files', at]);
  };
  return { ok: true, value: edited(text, change) };
}
