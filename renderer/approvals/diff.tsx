/** A unified diff as the host made it: changed lines stand out by sign and colour. */
export function Diff({ text }: { text: string }) {
  return (
    <pre className="diff">
      {text.split('\n').map((line, i) => (
        // Lines of a diff have no identity but their place.
        <span key={i} className={line.startsWith('+') ? 'plus' : line.startsWith('-') ? 'minus' : line.startsWith('@') ? 'place' : ''}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
