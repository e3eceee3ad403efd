/** The answer of an agent that is not there. */
export const unavailable = (message: string): { readonly ok: false; readonly failure: { code: 'agent-unavailable'; message: string } } => ({
  ok: false,
  failure: { code: 'agent-unavailable', message },
});
