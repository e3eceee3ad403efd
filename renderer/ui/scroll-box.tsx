import type { ReactNode } from 'react';

interface ScrollBoxProps {
  /** What it holds, for who does not see it. */
  readonly label: string;
  readonly className?: string;
  /** Text as it was written, or what is long enough to be gone to. */
  readonly as?: 'pre' | 'region';
  readonly children: ReactNode;
}

/** What scrolls by itself within the page and may hold nothing to press: it takes the focus, so that it can be scrolled by keys. */
export function ScrollBox({ label, className, as, children }: ScrollBoxProps) {
  const Tag = as === 'pre' ? 'pre' : 'div';
  return (
    <Tag className={className} tabIndex={0} role={as === 'region' ? 'region' : 'group'} aria-label={label}>
      {children}
    </Tag>
  );
}
