/**
 * A terminal writes its colours and sizes into style elements, and the colours of single characters into style attributes; the page's
 * policy refuses both. While one is open, elements keep to the policy instead: the text of a style element goes into an adopted sheet, and
 * a style attribute is set through its object. Not all parts of the terminal take a document they are given, so it is the page's own.
 * Returns what ends that.
 */
export function keepStylesAdopted(document: Document): () => void {
  const sheets: CSSStyleSheet[] = [];
  const before = Object.getOwnPropertyDescriptor(document, 'createElement');
  const make = document.createElement.bind(document);
  const createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
    // Even an empty style element is refused, and said to be: something else stands in its place.
    const element = make(name === 'style' ? 'template' : name, options);
    if (name === 'style') {
      const sheet = new CSSStyleSheet();
      sheets.push(sheet);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text), get: () => '' });
      return element;
    }
    const setAttribute = element.setAttribute.bind(element);
    element.setAttribute = (key: string, value: string) => {
      if (key === 'style') element.style.cssText = value;
      else setAttribute(key, value);
    };
    return element;
  };
  document.createElement = createElement as Document['createElement'];
  return () => {
    if (before === undefined) Reflect.deleteProperty(document, 'createElement');
    else Object.defineProperty(document, 'createElement', before);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => !sheets.includes(s));
  };
}
