/** A unified diff as the host made it: changed lines stand out by sign and colour. */
export function Diff({ text }: { text: string }) {
  return (
    <pre className="diff">
      {text.split('\n').map((line, i) => (
        // Lines of a diff have no identity but their place.
        <span key={i} className={toneOf(line)}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

/** The first two lines of a unified diff name the object before and after; `@@` lines say where. */
function toneOf(line: string): string {
  if (line.startsWith('@') || line.startsWith('--- ') || line.startsWith('+++ ')) return 'place';
  return line.startsWith('+') ? 'plus' : line.startsWith('-') ? 'minus' : '';
}
