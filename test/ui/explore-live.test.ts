import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClusterClient } from '../cases/cluster-client.ts';
import { clusterStatus, up } from '../cluster/cluster.ts';
import { until } from '../cluster/run.ts';
import { barriers } from './axe.ts';
import { type Stage, noBrowser, setStage } from './browser.ts';

/** The daily tools in a real browser, on a real cluster: logs of pods that are replaced, a shell, a port, and changes by hand. */

const WAIT = { timeout: 60_000 };
const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stderr.write('SKIPPED: the test clusters need root.\n');
const NS = `explore-live-${Date.now().toString(36).slice(-5)}`;
const IMAGE = 'quarterdeck/workload:2';
const TALK = 'i=0; while true; do i=$((i+1)); echo "line $i of $HOSTNAME password=hunter2secret"; sleep 0.2; done';
const CRD = `sails.${NS}.example.com`;

const deployment = (name: string, replicas: number, container: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: NS },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'app', image: IMAGE, imagePullPolicy: 'IfNotPresent', ...container }],
      },
    },
  },
});

describe.skipIf(noBrowser !== undefined || !isRoot)('the daily tools on a real cluster', () => {
  let cluster: ClusterClient;
  let stage: Stage;
  let page: Page;
  let context = '';
  const go = (hash: string) => page.evaluate((h) => void (window.location.hash = h), hash);
  const at = (kind: string, name: string, tab: string) => `#/explore/${kind}/${encodeURIComponent(context)}/${NS}/${name}?tab=${tab}`;
  const pods = async (app: string) =>
    (
      (await cluster.call('GET', `/api/v1/namespaces/${NS}/pods?labelSelector=app%3D${app}`)) as {
        items: { metadata: { name: string }; status: { phase: string } }[];
      }
    ).items;
  const running = async (app: string, count: number) =>
    expect(await until(async () => (await pods(app)).filter((p) => p.status.phase === 'Running').length === count, 60_000)).toBe(true);

  beforeAll(async () => {
    const known = await clusterStatus();
    const { kubeconfig, contexts } = known.ready ? known : await up();
    context = contexts[0] ?? '';
    cluster = new ClusterClient(kubeconfig, context);
    await cluster.call('POST', '/api/v1/namespaces', { metadata: { name: NS } });
    const post = (object: object) => cluster.call('POST', `/apis/apps/v1/namespaces/${NS}/deployments`, object);
    await post(deployment('talker', 2, { command: ['sh', '-c', TALK] }));
    await post(deployment('web', 1, { args: ['serve'], ports: [{ containerPort: 8080, name: 'http' }] }));
    await cluster.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: CRD },
      spec: {
        group: `${NS}.example.com`,
        scope: 'Namespaced',
        names: { plural: 'sails', singular: 'sail', kind: 'Sail' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: { spec: { type: 'object', properties: { area: { type: 'integer', maximum: 100 } } } },
              },
            },
          },
        ],
      },
    });
    stage = await setStage({ protectedContexts: [], kubeconfig });
    await stage.served.running.app.client.cluster.connect({ context });
    page = await stage.open();
    await running('talker', 2);
    await running('web', 1);
    const sail = () =>
      cluster
        .call('POST', `/apis/${NS}.example.com/v1/namespaces/${NS}/sails`, {
          apiVersion: `${NS}.example.com/v1`,
          kind: 'Sail',
          metadata: { name: 'main' },
          spec: { area: 40 },
        })
        .then(Boolean, () => false);
    expect(await until(sail, 60_000, 500)).toBe(true);
  }, 240_000);
  afterAll(async () => {
    await stage?.close();
    await cluster?.call('DELETE', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${CRD}`);
    await cluster?.call('DELETE', `/api/v1/namespaces/${NS}`);
    cluster?.close();
  }, 240_000);

  test('logs of a Deployment: of all its pods, masked, filtered, and they go on with the pod that takes the place of another', async () => {
    await go(at('deployments.apps', 'talker', 'logs'));
    await page.locator('.log-sources .log-source').nth(1).waitFor(WAIT);
    await page.locator('.log-line', { hasText: 'password=[masked]' }).first().waitFor(WAIT);
    expect(await page.locator('.log-box').textContent()).not.toContain('hunter2secret');
    await stage.picture(page, 'live-logs');
    expect(await barriers(page)).toEqual([]);
    const [first] = await pods('talker');
    const gone = first?.metadata.name ?? '';
    await cluster.call('DELETE', `/api/v1/namespaces/${NS}/pods/${gone}`);
    await page.locator('.log-sources .log-source').nth(2).waitFor(WAIT);
    const fresh = (await pods('talker')).map((p) => p.metadata.name).filter((n) => n !== gone);
    await page.getByLabel('Lines that hold').fill(`line ${fresh.at(-1) ?? ''}`);
    await page
      .locator('.log-line mark', { hasText: fresh.at(-1) ?? 'none' })
      .first()
      .waitFor(WAIT);
    await page.getByRole('button', { name: 'Pause' }).click(WAIT);
    const held = await page.locator('.log-state').textContent();
    await page.getByRole('button', { name: /^Go on \(/ }).waitFor(WAIT);
    expect(held).toContain('Held.');
    const download = page.waitForEvent('download', WAIT);
    await page.getByRole('button', { name: 'Download' }).click(WAIT);
    expect((await download).suggestedFilename()).toMatch(/talker.*\.log$/);
  });

  test('a shell: what is typed comes back, it ends in words, and who opened it is in the log', async () => {
    const [pod] = await pods('talker');
    await go(at('pods', pod?.metadata.name ?? '', 'terminal'));
    await page.getByRole('button', { name: 'Open a shell' }).click(WAIT);
    await page.locator('.terminal-tab [role="status"]', { hasText: `In ${pod?.metadata.name ?? ''}` }).waitFor(WAIT);
    await page.keyboard.type('printf "\\033[38;2;200;100;50mah%s\\033[0m\\n" oy; stty size\n');
    await page.locator('.xterm-rows', { hasText: 'ahoy' }).waitFor(WAIT);
    await stage.picture(page, 'live-terminal');
    expect(await barriers(page)).toEqual([]);
    await page.setViewportSize({ width: 900, height: 700 });
    await page.keyboard.type('exit 3\n');
    await page.locator('.terminal-tab [role="status"]', { hasText: 'exit status 3' }).waitFor(WAIT);
    await page.setViewportSize({ width: 1280, height: 860 });
    const { events } = await stage.served.running.app.client.events.list({ since: 0, limit: 10_000 });
    const opened = events.map((e) => e.event).find((e) => e.type === 'exec.opened');
    expect(opened).toMatchObject({ context, resource: { name: pod?.metadata.name }, by: expect.any(String) as string });
  });

  test('a forwarded port answers, follows a pod that is replaced, and stops', async () => {
    await go(at('deployments.apps', 'web', 'ports'));
    await page.getByRole('button', { name: 'Forward', exact: true }).click(WAIT);
    const link = page.locator('.forwards a').first();
    await link.waitFor(WAIT);
    const url = (await link.getAttribute('href')) ?? '';
    const answers = () =>
      fetch(url).then(
        (r) => r.status,
        () => 0,
      );
    await expect.poll(answers, WAIT).toBe(200);
    await stage.picture(page, 'live-ports');
    const [before] = await pods('web');
    await cluster.call('DELETE', `/api/v1/namespaces/${NS}/pods/${before?.metadata.name ?? ''}`);
    await expect
      .poll(async () => (await pods('web')).some((p) => p.metadata.name !== before?.metadata.name && p.status.phase === 'Running'), WAIT)
      .toBe(true);
    await expect.poll(answers, WAIT).toBe(200);
    await go('#/explore/~ports');
    await page.locator('.forwards li').first().waitFor(WAIT);
    await page.getByRole('button', { name: 'Stop' }).click(WAIT);
    await page.locator('.empty', { hasText: 'No port is forwarded' }).waitFor(WAIT);
    expect(await answers()).toBe(0);
  });

  test.each([
    [
      'a Deployment',
      'deployments.apps',
      'talker',
      'replicas: 2',
      'replicas: 1',
      `/apis/apps/v1/namespaces/${NS}/deployments/talker`,
      { replicas: 1 },
    ],
    ['a custom resource', CRD, 'main', 'area: 40', 'area: 60', `/apis/${NS}.example.com/v1/namespaces/${NS}/sails/main`, { area: 60 }],
  ] as const)('%s is edited, reviewed, approved and changed', async (_, kind, name, from, to, path, spec) => {
    await go(at(kind, name, 'yaml'));
    await page.getByRole('button', { name: 'Edit', exact: true }).click(WAIT);
    const overwrite = async (text: string) => {
      await page
        .locator('.yaml-editor .cm-line', { hasText: from.split(' ')[0] ?? '' })
        .last()
        .click(WAIT);
      await page.keyboard.press('Home');
      await page.keyboard.press('Shift+End');
      await page.keyboard.type(text);
    };
    await overwrite(to.replace(/\d+$/, '1000000'));
    if (kind === CRD) {
      await page.getByRole('button', { name: 'Review the change' }).click(WAIT);
      await page.locator('.yaml-tab .problem', { hasText: 'should be less than or equal to 100' }).waitFor(WAIT);
    }
    await overwrite(to);
    await page.getByRole('button', { name: 'Review the change' }).click(WAIT);
    await page.locator('.rehearsed .diff', { hasText: to }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Make it a plan' }).click(WAIT);
    await page.locator('.sheet .plan[data-state="awaitingApproval"]').waitFor(WAIT);
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    await page.locator('.sheet .plan[data-state="done"]').waitFor(WAIT);
    await stage.picture(page, `live-edited-${name}`);
    expect(((await cluster.call('GET', path)) as { spec: object }).spec).toMatchObject(spec);
    await page.keyboard.press('Escape');
    await page.locator('.sheet').waitFor({ ...WAIT, state: 'detached' });
  });

  test('Helm releases and who can: read from the cluster, with no value of a release on the page', async () => {
    await go(`#/explore/~access?in=${encodeURIComponent(context)}&verb=get&resource=secrets&namespace=kube-system`);
    await page.locator('.pairs li', { hasText: 'generic-garbage-collector' }).waitFor(WAIT);
    await stage.picture(page, 'live-access');
    expect(await barriers(page)).toEqual([]);
    const { gzipSync } = await import('node:zlib');
    const release = {
      info: {
        status: 'deployed',
        last_deployed: '2026-01-01T00:00:00Z',
        description: 'Install complete',
        notes: 'Use the password tr1ck-1s-long.',
      },
      chart: { metadata: { name: 'nginx', version: '1.2.3', appVersion: '1.27' } },
      config: { auth: { password: 'tr1ck-1s-long' } },
      manifest: '---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n',
    };
    await cluster.call('POST', `/api/v1/namespaces/${NS}/secrets`, {
      type: 'helm.sh/release.v1',
      metadata: { name: 'sh.helm.release.v1.bow.v1', labels: { owner: 'helm', name: 'bow', status: 'deployed', version: '1' } },
      data: { release: Buffer.from(gzipSync(JSON.stringify(release)).toString('base64')).toString('base64') },
    });
    await go('#/explore/~helm');
    await page.locator('.wide-table a', { hasText: 'bow' }).click(WAIT);
    await page.locator('.pairs a', { hasText: 'web' }).waitFor(WAIT);
    await stage.picture(page, 'live-helm');
    const text = (await page.locator('main').textContent()) ?? '';
    expect(text).toContain('auth.password');
    expect(text).not.toContain('tr1ck');
    expect(await barriers(page)).toEqual([]);
  });

  test('in a protected context a shell wants its name typed', async () => {
    const { client } = stage.served.running.app;
    const [pod] = await pods('talker');
    const name = pod?.metadata.name ?? '';
    await client.contexts.mark({ by: 'somebody', context, protected: true });
    try {
      await go(at('pods', name, 'terminal'));
      const open = page.getByRole('button', { name: 'Open a shell' });
      const typed = page.getByLabel(`${context} is protected. Type its name`);
      await typed.fill(context.slice(0, -1), WAIT);
      expect(await open.isDisabled()).toBe(true);
      await typed.press('Enter');
      await typed.fill(context);
      await open.click(WAIT);
      await page.locator('.terminal-tab [role="status"]', { hasText: `In ${name}` }).waitFor(WAIT);
    } finally {
      await client.contexts.mark({ by: 'somebody', context, protected: false, typedContext: context });
    }
  });

  test('in a protected context a port wants its name typed, and nothing listens before', async () => {
    const { client } = stage.served.running.app;
    const listening = async () => (await client.forward.list({})).forwards.filter((f) => f.context === context);
    await client.contexts.mark({ by: 'somebody', context, protected: true });
    try {
      await go(at('deployments.apps', 'web', 'ports'));
      const forward = page.getByRole('button', { name: 'Forward', exact: true });
      const typed = page.getByLabel(`${context} is protected. Type its name`);
      await typed.fill(context.slice(0, -1), WAIT);
      expect(await forward.isDisabled()).toBe(true);
      await typed.press('Enter');
      await page.getByText('No port leads here.').waitFor(WAIT);
      expect(await listening()).toEqual([]);
      const untyped = { context, namespace: NS, target: 'Deployment/web', port: 8080, by: 'a script' };
      await expect(client.forward.open(untyped)).rejects.toMatchObject({ data: { code: 'confirmation-needed' } });
      expect(await listening()).toEqual([]);
      await stage.picture(page, 'live-ports-protected');
      expect(await barriers(page)).toEqual([]);
      await typed.fill(context);
      await typed.press('Enter');
      const link = page.locator('.forwards a').first();
      await link.waitFor(WAIT);
      const url = (await link.getAttribute('href')) ?? '';
      await expect.poll(async () => (await fetch(url)).status, WAIT).toBe(200);
      await page.getByRole('button', { name: 'Stop' }).click(WAIT);
      await expect.poll(listening, WAIT).toEqual([]);
    } finally {
      await client.contexts.mark({ by: 'somebody', context, protected: false, typedContext: context });
    }
  });

  test('no page broke its policy or a rule of React', () => {
    expect(stage.complaints.filter((c) => !c.includes('Failed to load resource'))).toEqual([]);
  });
});
