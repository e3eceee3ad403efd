/** What is being written, by the address of its object: looking at another tab loses nothing. Of this window, and never kept. */
export const drafts = new Map<string, { readonly before: string; readonly after: string }>();
