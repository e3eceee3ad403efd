import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serve } from '../../agents/host/serve.ts';
import { modelEndpoint } from './model-endpoint.ts';

const PATIENT = { timeout: 60_000 };

test('an incident is put into words by template, by an endpoint that holds to the facts, and not by one that does not', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-explain-'));
  let careless = false;
  const model = await modelEndpoint(({ data }) => {
    const lines = data.split('\n').map((line) => line.slice(2));
    return { text: `${lines.map((line) => `This was found: ${line}.`).join(' ')}${careless ? ' Look at payments-db too.' : ''}` };
  });
  const served = await serve({ dataDir, demo: true, env: {}, log: () => undefined });
  if (!served.ok) throw new Error(served.failure.message);
  const { url, token } = served.value;
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  try {
    await expect.poll(async () => ((await call('GET', '/incidents'))['incidents'] as unknown[]).length, PATIENT).toBeGreaterThan(0);
    const [incident] = (await call('GET', '/incidents'))['incidents'] as {
      id: string;
      rootCause: { message: string; resource: { name: string } };
    }[];
    const explain = (reader: string) => call('POST', `/incidents/${incident?.id ?? ''}/explain`, { for: reader });
    const cause = (incident?.rootCause.message ?? '').replace(/\.$/, '');

    const plain = await explain('manager');
    expect(plain).toMatchObject({ for: 'manager', by: null, refused: null });
    expect(plain['text']).toContain(cause);

    await call('POST', '/models/settings', {
      remote: { url: model.url, model: 'm', inputPrice: 1, outputPrice: 2 },
      key: 'sk-endpoint-key',
      where: { explain: 'remote' },
    });
    const worded = await explain('operator');
    expect(worded).toMatchObject({ by: { model: 'm', where: 'remote' }, refused: null });
    expect(worded['text']).toContain(`This was found: ${cause}`);
    expect(JSON.stringify(model.asked)).not.toContain(incident?.rootCause.resource.name);

    careless = true;
    const refused = await explain('developer');
    expect(refused).toMatchObject({ by: null, refused: 'it says "payments-db", which was not given' });
    expect(refused['text']).toContain(cause);
    expect(refused['text']).not.toContain('payments-db');

    const { events } = (await call('GET', '/events/list?limit=10000')) as unknown as {
      events: { event: { type: string; outcome?: string; cost?: number } }[];
    };
    const answered = events.map((e) => e.event).filter((e) => e.type === 'model.answered');
    expect(answered).toMatchObject([{ outcome: 'shown', cost: 0.0002 }, { outcome: 'refused' }]);
    expect(JSON.stringify(events)).not.toContain('sk-endpoint-key');
    // What it cost is added up, also where the answer was refused.
    const spent = await call('GET', '/models/used?days=1');
    expect(spent['uses']).toMatchObject([{ model: 'm', where: 'remote', question: 'explain', shown: 1, refused: 1, failed: 0 }]);
    expect(spent['cost']).toBeCloseTo(0.0004, 6);
    expect(readFileSync(join(dataDir, 'models', 'settings.json'), 'utf8')).not.toContain('sk-endpoint-key');
  } finally {
    await served.value.close();
    await model.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
