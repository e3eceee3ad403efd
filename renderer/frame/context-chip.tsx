import { clockWords, stateWords } from '../state/cluster-words.ts';
import { useHere } from '../state/here.ts';
import { usePage } from '../state/page.ts';
import { Icon } from '../ui/icons.tsx';

/** The context a click lands in: its colour, its name, whether it is protected, and how old what is shown of it is. */
export function ContextChip({ onPress }: { onPress: () => void }) {
  const here = useHere();
  const all = usePage((s) => s.contexts?.contexts.length ?? 0);
  const live = usePage((s) => s.phase === 'live');
  if (here === undefined)
    return (
      <button type="button" className="chip" onClick={onPress} title="Choose a context">
        <span className="truncate">{all === 1 ? 'one cluster' : `all ${all} clusters`}</span>
      </button>
    );
  const current = live && here.state === 'connected';
  const age = current ? 'live' : here.asOf === null ? here.state : `as of ${clockWords(Date.parse(here.asOf), Date.now())}`;
  return (
    <button type="button" className="chip" onClick={onPress} title={`${here.name}: ${stateWords(here)}. Choose another context`}>
      <span className="dot" aria-hidden="true" />
      <span className="name truncate">{here.alias ?? here.name}</span>
      {here.protected && (
        <span className="inline-flex items-center gap-1 text-12 text-ink-2" title="Approving a plan here asks for the name of the context">
          <Icon name="lock" size={13} /> <span className="more">protected</span>
        </span>
      )}
      {here.readOnly && (
        <span className="inline-flex items-center gap-1 text-12 text-ink-2" title="Nothing is changed here">
          <Icon name="eye" size={13} /> <span className="more">read-only</span>
        </span>
      )}
      {here.version !== null && <span className="more flex-none text-12 text-ink-3">{here.version}</span>}
      <span className={`flex-none text-12 ${current ? 'text-ink-3' : 'text-degraded'}`}>{age}</span>
    </button>
  );
}
