/** The one message that passes from the page to the main process: here is a port, serve the contract on it. */
export const PORT_CHANNEL = 'quarterdeck:port';
