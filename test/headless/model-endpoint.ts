import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What was put before the model: its orders, and the data. */
export interface Put {
  readonly instructions: string;
  readonly data: string;
}

export type ModelEndpoint = Awaited<ReturnType<typeof modelEndpoint>>;

/** An endpoint as vLLM or Ollama is one: what it answers is the script's. */
export async function modelEndpoint(script: (put: Put) => unknown) {
  const asked: Put[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { messages } = JSON.parse(body) as { messages: { content: string }[] };
      const put = { instructions: messages[0]?.content ?? '', data: messages.at(-1)?.content ?? '' };
      asked.push(put);
      response.end(
        JSON.stringify({
          choices: [{ message: { content: JSON.stringify(script(put)) }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 100, completion_tokens: 50 },
        }),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`,
    asked,
    close: () => new Promise<void>((done) => (server.closeAllConnections(), server.close(() => done()))),
  };
}
