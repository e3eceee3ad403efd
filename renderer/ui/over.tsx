import { type ReactNode, useEffect, useRef } from 'react';

/** Lies over the screen until it is closed: by Escape, by its own doing, or by a click beside it. Keys reach only what is in it. */
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
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
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
