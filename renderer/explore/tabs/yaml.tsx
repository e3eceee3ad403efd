import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../agents/contract/index.ts';
import { Diff } from '../../approvals/diff.tsx';
import { failureOf } from '../../bridge/bridge.ts';
import { useClient } from '../../state/bridge-context.ts';
import { openPlan } from '../../state/here.ts';
import { usePage } from '../../state/page.ts';
import { CopyButton } from '../../ui/copy.tsx';
import { Problem } from '../../ui/problem.tsx';
import { type YamlEditor, createYamlEditor } from '../editor/yaml-editor.ts';
import { drafts } from '../editor/drafts.ts';
import type { TabProps } from '../object-tabs.ts';
import { linkToObject } from '../places.ts';

type Step =
  | { readonly at: 'reading' }
  | { readonly at: 'editing'; readonly failure?: Failure }
  | { readonly at: 'asking'; readonly what: 'rehearse' | 'propose' }
  | { readonly at: 'rehearsed'; readonly summary: string; readonly diff: string; readonly undo: string; readonly failure?: Failure }
  | { readonly at: 'proposed'; readonly plan: string };

const lower = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

/** The whole object; edited, rehearsed by the cluster, and made a plan, which goes the road of all plans. */
export function Yaml({ place, yaml, again }: TabProps) {
  const client = useClient();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const live = usePage((s) => s.phase === 'live');
  const readOnly = usePage((s) => s.contexts?.contexts.some((c) => c.name === place.context && c.readOnly) === true);
  const key = linkToObject(place);
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<YamlEditor>(undefined);
  const [step, setStep] = useState<Step>({ at: drafts.has(key) ? 'editing' : 'reading' });
  const [dirty, setDirty] = useState(drafts.has(key));
  /** What is edited is what was shown when it began, whatever was read since. */
  const shown = useRef(drafts.get(key)?.before ?? yaml);

  useEffect(() => {
    const { current } = box;
    if (current === null) return;
    const draft = drafts.get(key);
    const own = createYamlEditor(current, draft?.after ?? shown.current, (text) => {
      drafts.set(key, { before: shown.current, after: text });
      setDirty(text !== shown.current);
    });
    if (draft !== undefined) own.edit(draft.before);
    editor.current = own;
    return () => {
      own.destroy();
      editor.current = undefined;
    };
  }, [key]);

  // What was read anew is shown, unless somebody is writing.
  useEffect(() => {
    if (step.at !== 'reading' || shown.current === yaml) return;
    shown.current = yaml;
    editor.current?.show(yaml);
  }, [yaml, step.at]);

  const edit = () => {
    editor.current?.edit(shown.current);
    editor.current?.focus();
    setStep({ at: 'editing' });
  };
  const stop = () => {
    drafts.delete(key);
    shown.current = yaml;
    editor.current?.show(yaml);
    setDirty(false);
    setStep({ at: 'reading' });
  };
  const asked = () => ({
    context: place.context,
    kind: place.kind,
    ...(place.namespace === undefined ? {} : { namespace: place.namespace }),
    name: place.name,
    before: shown.current,
    after: editor.current?.text() ?? shown.current,
  });
  const rehearse = async () => {
    setStep({ at: 'asking', what: 'rehearse' });
    try {
      setStep({ at: 'rehearsed', ...(await client.edits.rehearse(asked())) });
    } catch (error) {
      const failure = failureOf(error);
      setStep({ at: 'editing', failure });
      const [, line, column] = /^Line (\d+), column (\d+)/.exec(failure.message) ?? [];
      if (line !== undefined) editor.current?.goTo(Number(line), Number(column));
    }
  };
  const propose = async (rehearsed: Extract<Step, { at: 'rehearsed' }>) => {
    setStep({ at: 'asking', what: 'propose' });
    try {
      const plan = await client.edits.propose({ ...asked(), by });
      drafts.delete(key);
      editor.current?.edit(undefined);
      setDirty(false);
      setStep({ at: 'proposed', plan: plan.id });
      openPlan(plan.id);
    } catch (error) {
      setStep({ ...rehearsed, failure: failureOf(error) });
    }
  };
  return (
    <div className="yaml-tab">
      <div className="tool-bar">
        {step.at === 'reading' && (
          <>
            <button type="button" disabled={readOnly} onClick={edit}>
              Edit
            </button>
            <button type="button" onClick={again}>
              Read again
            </button>
            <CopyButton text={() => editor.current?.text() ?? yaml} words="Copy the YAML" label="Copy" />
            {readOnly && <span className="hint">The context is read-only: nothing is changed from here.</span>}
          </>
        )}
        {(step.at === 'editing' || step.at === 'asking') && (
          <>
            <button type="button" className="primary" disabled={!dirty || !live || step.at === 'asking'} onClick={() => void rehearse()}>
              {step.at === 'asking' ? 'Asking the cluster…' : 'Review the change'}
            </button>
            <button type="button" disabled={step.at === 'asking'} onClick={stop}>
              Discard
            </button>
            <span className="hint">
              {dirty
                ? 'Only what you changed is sent. The cluster rehearses it first; nothing changes before it is approved.'
                : 'Change something.'}
            </span>
          </>
        )}
        {step.at === 'proposed' && (
          <>
            <button type="button" className="primary" onClick={() => openPlan(step.plan)}>
              Decide about the plan
            </button>
            <button
              type="button"
              onClick={() => {
                again();
                setStep({ at: 'reading' });
              }}
            >
              Back to the object
            </button>
            <span className="hint">
              <code>{step.plan}</code> waits for approval like any other.
            </span>
          </>
        )}
      </div>
      {step.at === 'editing' && step.failure !== undefined && <Problem failure={step.failure} />}
      {step.at === 'rehearsed' && (
        <section className="rehearsed" aria-label="What the cluster would make of it">
          <h2>{step.summary}</h2>
          <p className="hint">As the cluster answered its dry run. To take it back: {lower(step.undo)}.</p>
          <Diff text={step.diff} />
          {step.failure !== undefined && <Problem failure={step.failure} />}
          <div className="tool-bar">
            <button type="button" className="primary" disabled={!live} autoFocus onClick={() => void propose(step)}>
              Make it a plan
            </button>
            <button type="button" onClick={() => setStep({ at: 'editing' })}>
              Edit on
            </button>
          </div>
        </section>
      )}
      {/* Seen from outside, what is typed in its shadow is typed on this element: letters are letters here too. */}
      <div ref={box} className="yaml-editor" data-type-ahead hidden={step.at === 'rehearsed'} />
    </div>
  );
}
