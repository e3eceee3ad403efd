import { type ReactNode, useLayoutEffect, useRef } from 'react';

/**
 * Lies over the screen until it is closed: by Escape, by its own doing, or by a click beside it. Keys reach only what is in it, first
 * what has `data-first`.
 */
export function Over({
  label,
  away,
  className = '',
  children,
}: {
  label: string;
  away: () => void;
  className?: string;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const { current } = dialog;
    if (current?.open !== false) return;
    current.showModal();
    current.querySelector<HTMLElement>('[data-first]')?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      className={className}
      onClose={away}
      onClick={(e) => e.target === dialog.current && dialog.current.close()}
    >
      {children}
    </dialog>
  );
}
