import { useLayoutEffect, useRef } from 'react';
import { PlanCard } from '../approvals/plan-card.tsx';
import { openPlan, useHere, useHereState } from '../state/here.ts';
import { usePage } from '../state/page.ts';
import { Icon } from '../ui/icons.tsx';

/** The decision about one plan, over the place one is at. Closing it decides nothing. */
export function PlanSheet() {
  const id = useHereState((s) => s.plan);
  const plan = usePage((s) => (id === undefined ? undefined : s.plans.find((p) => p.id === id)));
  const color = useHere()?.color ?? undefined;
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the plan inside asks for the focus, which nothing in a closed dialog can have.
  useLayoutEffect(() => {
    const { current } = dialog;
    if (id !== undefined && current?.open === false) current.showModal();
  }, [id]);
  if (id === undefined) return null;
  return (
    <dialog ref={dialog} className="sheet" data-color={color} aria-label="A plan that waits" onClose={() => openPlan(undefined)}>
      <header>
        <span className="text-13 text-ink-3">A plan</span>
        <button
          type="button"
          className="border-transparent bg-transparent px-2"
          aria-label="Close without a decision"
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="p-5">
        {plan === undefined ? <p>This plan is not there any more.</p> : <PlanCard key={plan.id} plan={plan} keys />}
      </div>
    </dialog>
  );
}
