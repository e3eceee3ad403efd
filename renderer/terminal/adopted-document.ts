export interface AdoptedDocument {
  readonly document: Document;
  /** What is done without waiting, with the same in the document itself: a part of the terminal does not take the one it is given. */
  opening(work: () => void): void;
  /** Takes the sheets away again. */
  release(): void;
}

/**
 * A terminal writes its colours and sizes into style elements, and some colours into style attributes; the page's policy refuses both. The
 * document it is given keeps to the policy instead: the text of a style element goes into an adopted sheet, and a style attribute is set
 * through its object.
 */
export function adoptedDocument(document: Document): AdoptedDocument {
  const sheets: CSSStyleSheet[] = [];
  let make = (name: string): HTMLElement => document.createElement(name);
  const createElement = (name: string): HTMLElement => {
    // Even an empty style element is refused, and said to be: something else stands in its place.
    const element = make(name === 'style' ? 'template' : name);
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
  const own = new Proxy(document, {
    get: (target, key) => {
      if (key === 'createElement') return createElement;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
  return {
    document: own,
    opening: (work) => {
      const plain = document.createElement.bind(document);
      make = plain;
      document.createElement = createElement as Document['createElement'];
      try {
        work();
      } finally {
        Reflect.deleteProperty(document, 'createElement');
        make = (name) => document.createElement(name);
      }
    },
    release: () => (document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => !sheets.includes(s))),
  };
}
