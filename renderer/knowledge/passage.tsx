import { Fragment } from 'react';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { textAndCode } from './words.ts';
import './passage.css';

/**
 * A passage as it was written: code apart from text, headings and code words marked, and nothing else made of it. It is text of others,
 * so no link in it leads anywhere.
 */
export function Passage({ text }: { text: string }) {
  return (
    <div className="passage">
      {textAndCode(text).map((part, i) =>
        i % 2 === 0 ? (
          <Blocks key={i} text={part} />
        ) : (
          <ScrollBox key={i} as="pre" label="Code">
            {part.replace(/\n$/, '')}
          </ScrollBox>
        ),
      )}
    </div>
  );
}

function Blocks({ text }: { text: string }) {
  return text
    .replaceAll(/^```.*$/gm, '')
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== '')
    .map((block, i) => {
      const heading = /^#{1,6} +(.+)$/.exec(block.trim());
      return heading === null ? (
        <p key={i}>
          <Words text={block.trim()} />
        </p>
      ) : (
        <p key={i} className="sub">
          {heading[1]}
        </p>
      );
    });
}

function Words({ text }: { text: string }) {
  return text
    .split(/(`[^`\n]+`)/)
    .map((part, i) =>
      part.length > 2 && part.startsWith('`') && part.endsWith('`') ? (
        <code key={i}>{part.slice(1, -1)}</code>
      ) : (
        <Fragment key={i}>{part}</Fragment>
      ),
    );
}
