import { Popover } from 'radix-ui';

/** The columns there are, each to be shown or not. */
export function ColumnChoice(props: {
  columns: readonly string[];
  shown: readonly string[];
  choose: (columns: readonly string[] | undefined) => void;
}) {
  const { columns, shown, choose } = props;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button">Columns</button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="column-choice" align="end" sideOffset={4} aria-label="Columns">
          {columns.map((c) => (
            <label key={c}>
              <input
                type="checkbox"
                checked={shown.includes(c)}
                disabled={c === 'Name'}
                onChange={(e) => choose(columns.filter((x) => (x === c ? e.target.checked : shown.includes(x))))}
              />{' '}
              {c}
            </label>
          ))}
          <button type="button" onClick={() => choose(undefined)}>
            As the server shows them
          </button>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
