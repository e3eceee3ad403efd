/** What the main process asked of Electron, in order, for the test to look at. */
const asked: { readonly what: string; readonly with: readonly unknown[] }[] = [];

export const allAsked = () => asked;

/** Notes a request; what cannot be told over a process boundary (functions) is left out. */
export function note(what: string, ...args: readonly unknown[]): void {
  asked.push({ what, with: args.filter((a) => typeof a !== 'function') });
}

/** A part of Electron of which only some is there: anything else is loud, so that a gap in the double is never taken for a no. */
export function loud<T extends object>(name: string, known: T): T {
  return new Proxy(known, {
    get(target, key) {
      if (!(key in target) && typeof key !== 'symbol' && key !== 'then') throw new Error(`the double of electron has no ${name}.${key}`);
      const value = Reflect.get(target, key) as unknown;
      // Called on the part itself: private members are not the proxy's.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
