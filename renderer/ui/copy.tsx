import { useEffect, useState } from 'react';
import { copyText } from './clipboard.ts';
import { Icon } from './icons.tsx';

const SAID_MS = 1_500;

/** Copies a text, and says that it did. With `label` that stands on the button, and `words` say more. */
export function CopyButton({ text, words, label }: { text: string | (() => string); words: string; label?: string }) {
  const [said, setSaid] = useState<'copied' | 'refused' | undefined>(undefined);
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () => copyText(typeof text === 'string' ? text : text()).then((copied) => setSaid(copied ? 'copied' : 'refused'));
  return (
    <button
      type="button"
      className={label === undefined ? 'copy' : ''}
      aria-label={words}
      title={said === 'refused' ? 'The browser did not allow it' : words}
      onClick={() => void copy()}
    >
      <Icon name={said === 'copied' ? 'approvals' : 'copy'} size={14} />
      {label !== undefined && (said === 'copied' ? 'Copied' : label)}
      <span role="status" className="unseen">
        {said === 'copied' ? 'Copied' : said === 'refused' ? 'The browser did not allow copying' : ''}
      </span>
    </button>
  );
}
