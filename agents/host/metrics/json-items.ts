import { StringDecoder } from 'node:string_decoder';

/** An item longer than this is no item of metrics. */
const LONGEST = 4 * 2 ** 20;

/**
 * The objects in `items` of a list, one by one as the answer comes in, so that a list of ten thousand is never held as a whole.
 * @returns whether the list came to its end. @throws SyntaxError where it is no JSON.
 */
export async function eachItem(body: AsyncIterable<Buffer>, take: (item: unknown) => void): Promise<boolean> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  let place = 0;
  let start = -1;
  let [depth, list, inText] = [0, 0, false];
  let ended = false;
  for await (const chunk of body) {
    // What follows a backslash at the very end of a chunk is the first character of the next: the place is beyond the end then.
    const kept = start >= 0 ? start : Math.min(place, text.length);
    text = text.slice(kept) + decoder.write(chunk);
    place -= kept;
    if (start >= 0) start = 0;
    if (text.length > LONGEST) throw new SyntaxError('an item that is longer than 4 MiB');
    for (; place < text.length; place++) {
      const code = text.charCodeAt(place);
      if (inText) {
        if (code === 92) place++;
        else if (code === 34) inText = false;
        continue;
      }
      switch (code) {
        case 34:
          inText = true;
          break;
        case 91:
          depth++;
          if (depth === 2 && list === 0) list = depth;
          break;
        case 123:
          depth++;
          if (depth === list + 1 && list > 0) start = place;
          break;
        case 93:
          if (depth === list) list = -1;
          depth--;
          break;
        case 125:
          if (depth === list + 1 && list > 0) {
            take(JSON.parse(text.slice(start, place + 1)));
            start = -1;
          }
          depth--;
          if (depth === 0) ended = true;
          break;
        case 60:
          if (depth === 0) throw new SyntaxError('a page and no JSON');
      }
    }
  }
  return ended;
}
