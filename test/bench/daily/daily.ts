import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { kubeconfigOf } from '../../../agents/host/doubles/kubeconfig.ts';
import { type Stage, setStage } from '../../ui/browser.ts';
import type { DailyStart, FromDaily } from './server.ts';

export interface DailyStage {
  readonly stage: Stage;
  readonly page: Page;
  /** Lines its pods have said so far. */
  said(): Promise<number>;
  close(): Promise<void>;
}

/** A browser before the real host, which asks a cluster of the given size on demand; it watches nothing there. */
export async function openDaily(start: DailyStart): Promise<DailyStage> {
  const child = fork(join(import.meta.dirname, 'server.ts'), [JSON.stringify(start)]);
  const heard = <T extends FromDaily['type']>(type: T) =>
    new Promise<Extract<FromDaily, { type: T }>>((resolve) => {
      const listen = (message: FromDaily) => {
        if (message.type !== type) return;
        child.off('message', listen);
        resolve(message as Extract<FromDaily, { type: T }>);
      };
      child.on('message', listen);
    });
  const { url } = await heard('ready');
  const dir = mkdtempSync(join(tmpdir(), 'quarterdeck-daily-'));
  const kubeconfig = kubeconfigOf(dir, 'daily', url, { token: 'bench' });
  const stage = await setStage({ protectedContexts: [], kubeconfig });
  const page = await stage.open();
  await page.locator('.frame').waitFor({ timeout: 60_000 });
  return {
    stage,
    page,
    said: async () => {
      const answer = heard('said');
      child.send('said');
      return (await answer).lines;
    },
    close: async () => {
      await stage.close();
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
