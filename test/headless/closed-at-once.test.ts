import { expect, test } from 'vitest';
import { serve } from '../../agents/host/serve.ts';
import { folder } from './fleet.ts';

test('an app that is closed as soon as it is there ends without a word: nothing that it had begun is left to fail', async () => {
  const rejected: unknown[] = [];
  const hear = (reason: unknown) => rejected.push(reason);
  process.on('unhandledRejection', hear);
  try {
    for (let i = 0; i < 3; i++) {
      const dataDir = folder();
      const served = await serve({ dataDir, demo: true, env: {}, home: dataDir, log: () => undefined });
      if (!served.ok) throw new Error(served.failure.message);
      await served.value.close();
    }
    await new Promise((done) => setImmediate(done));
  } finally {
    process.off('unhandledRejection', hear);
  }
  expect(rejected).toEqual([]);
});
