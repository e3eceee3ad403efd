import { yaml as yamlLanguage } from '@codemirror/lang-yaml';
import { HighlightStyle, foldEffect, foldable, syntaxHighlighting } from '@codemirror/language';
import { unifiedMergeView } from '@codemirror/merge';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';

/** An editor for YAML in the colours of the page. */
export interface YamlEditor {
  text(): string;
  /** Lets it be changed, with what differs from `original` marked; undefined: read only, as it was. */
  edit(original: string | undefined): void;
  /** Another text, with nothing to undo. */
  show(text: string): void;
  /** Puts the cursor there; both from 1. */
  goTo(line: number, column: number): void;
  focus(): void;
  destroy(): void;
}

const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--text-1)', backgroundColor: 'var(--surface-1)', fontSize: '13px' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-1px' },
  '.cm-scroller': { fontFamily: 'var(--name-face)', lineHeight: '1.55', fontVariantLigatures: 'none' },
  '.cm-content': { caretColor: 'var(--accent)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--surface-1)', color: 'var(--text-3)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--surface-3) 45%, transparent)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': { backgroundColor: 'var(--surface-3) !important' },
  '.cm-foldPlaceholder': {
    padding: '0 6px',
    border: '1px solid var(--line-strong)',
    backgroundColor: 'var(--surface-2)',
    color: 'var(--text-2)',
  },
  '.cm-panels': { backgroundColor: 'var(--surface-2)', color: 'var(--text-1)', borderColor: 'var(--line)' },
  '.cm-textfield': { backgroundColor: 'var(--surface-0)', color: 'var(--text-1)', border: '1px solid var(--line-strong)' },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--surface-3)',
    color: 'var(--text-1)',
    border: '1px solid var(--line-strong)',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--notice)', outline: '1px solid var(--degraded)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--surface-3)' },
  '.cm-changedLine, .cm-insertedLine': { backgroundColor: 'var(--plus-ground) !important' },
  '.cm-changedText': { background: 'var(--plus-strong) !important' },
  '.cm-deletedChunk': { backgroundColor: 'var(--minus-ground) !important', color: 'var(--minus)' },
  '.cm-deletedChunk .cm-deletedText': { background: 'var(--minus-strong) !important' },
  '.cm-changeGutter': { width: '3px' },
  '.cm-chunkButtons button.put-back': {
    border: '1px solid var(--line-strong)',
    borderRadius: '3px',
    background: 'var(--surface-2)',
    color: 'var(--text-1)',
  },
  '.cm-changedLineGutter': { background: 'var(--plus)' },
  '.cm-deletedLineGutter': { background: 'var(--minus)' },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--text-1)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--changing)' },
  { tag: [tags.comment, tags.meta], color: 'var(--text-3)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--text-3)' },
]);

/** Where text takes the place of other text, the browser would write the style of the old one beside the new one, which the policy refuses. */
function typeOver(event: InputEvent, view: EditorView): boolean {
  if (event.inputType !== 'insertText' || event.data === null || view.composing || view.state.readOnly || view.state.selection.main.empty)
    return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true });
  return true;
}

/** Beside each change: the way back from it. That it is kept needs no button. */
function control(type: 'reject' | 'accept', action: (e: MouseEvent) => void): HTMLElement {
  const button = document.createElement('button');
  if (type === 'accept') {
    button.hidden = true;
    return button;
  }
  button.textContent = 'Put back';
  button.className = 'put-back';
  button.addEventListener('mousedown', action);
  return button;
}

/** Folded at first: what controllers report is not what somebody looks for in a manifest. */
const FOLDED = /^(?:status|\s{2}managedFields):/;

/**
 * It lives in a shadow root: there its styles are adopted sheets, which the page's policy allows; in the document itself they would be style
 * elements, which it refuses.
 */
export function createYamlEditor(host: HTMLElement, text: string, changed: (text: string) => void): YamlEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const mode = new Compartment();
  const reading = [EditorState.readOnly.of(true)];
  const state = (doc: string) =>
    EditorState.create({
      doc,
      extensions: [
        basicSetup,
        yamlLanguage(),
        look,
        syntaxHighlighting(colours),
        EditorView.contentAttributes.of({ 'aria-label': 'YAML' }),
        EditorView.domEventHandlers({ beforeinput: typeOver }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
        mode.of(reading),
      ],
    });
  const view = new EditorView({ state: state(text), parent: root, root });
  // What is read is scrolled by keys too.
  view.scrollDOM.tabIndex = 0;
  const fold = () => {
    const { state: now } = view;
    const effects = [];
    for (let n = 1; n <= now.doc.lines; n++) {
      const line = now.doc.line(n);
      const range = FOLDED.test(line.text) ? foldable(now, line.from, line.to) : null;
      if (range !== null) effects.push(foldEffect.of(range));
    }
    if (effects.length > 0) view.dispatch({ effects });
  };
  fold();
  return {
    text: () => view.state.doc.toString(),
    edit: (original) =>
      view.dispatch({
        effects: mode.reconfigure(
          original === undefined
            ? reading
            : [unifiedMergeView({ original, mergeControls: control, gutter: true, syntaxHighlightDeletions: false })],
        ),
      }),
    show: (doc) => {
      view.setState(state(doc));
      fold();
    },
    goTo: (line, column) => {
      const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      const anchor = Math.min(at.from + Math.max(column - 1, 0), at.to);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
