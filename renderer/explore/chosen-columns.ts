import { useState } from 'react';

/** Which columns of a kind somebody wants to see; remembered by this browser. */

const KEY = 'quarterdeck-columns';

function read(): Readonly<Record<string, readonly string[]>> {
  try {
    const known: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? '{}');
    return typeof known === 'object' && known !== null ? (known as Record<string, readonly string[]>) : {};
  } catch {
    return {};
  }
}

/** Undefined: those that the server shows. */
export function useChosenColumns(kind: string): readonly [readonly string[] | undefined, (columns: readonly string[] | undefined) => void] {
  const [all, setAll] = useState(read);
  const mine = all[kind];
  const choose = (columns: readonly string[] | undefined) => {
    const { [kind]: _old, ...others } = read();
    const next = columns === undefined ? others : { ...others, [kind]: columns };
    setAll(next);
    try {
      window.localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // A browser that keeps nothing shows them until it is closed.
    }
  };
  return [Array.isArray(mine) ? mine : undefined, choose];
}
