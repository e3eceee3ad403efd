import { usePage } from '../state/page.ts';

/** Whether what is done in a context asks for its name, or is not done from here at all. */
export function useGuarded(context: string): { readonly guarded: boolean; readonly readOnly: boolean } {
  const row = usePage((s) => s.contexts?.contexts.find((c) => c.name === context));
  return { guarded: row?.protected === true, readOnly: row?.readOnly === true };
}

/** The name of a protected context, typed by a person. */
export function TypedContext({ context, value, change }: { context: string; value: string; change: (text: string) => void }) {
  return (
    <label className="typed-context">
      {context} is protected. Type its name
      <input value={value} autoComplete="off" spellCheck={false} onChange={(e) => change(e.target.value)} />
    </label>
  );
}
