import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunningApp } from '../store/lock.ts';
import { Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import type { Client } from './session.ts';

/** A client of the app that runs on this data directory; refuses when that app does not look at what the flags ask for. */
export async function attach({ url, tokenFile }: RunningApp, flags: CommonFlags): Promise<Client> {
  let token: string;
  try {
    token = readFileSync(tokenFile, 'utf8').trim();
  } catch (error) {
    throw new Refusal({
      code: 'data-dir-locked',
      message: `Quarterdeck runs at ${url}, but its token file cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      hint: 'Run this command as the user who started it, or use another --data-dir.',
    });
  }
  const client: Client = createORPCClient(new RPCLink({ url: `${url}/rpc`, headers: { authorization: `Bearer ${token}` } }));
  await sameSource(client, url, flags);
  return client;
}

/** Flags that choose the clusters are the running app's to follow: it must already have been started with the same. */
async function sameSource(client: Client, url: string, { kubeconfig, demo }: CommonFlags): Promise<void> {
  if (kubeconfig === undefined && demo !== true) return;
  const known = await client.contexts.list({});
  const elsewhere = (what: string) =>
    new Refusal({
      code: 'data-dir-locked',
      message: `Quarterdeck already runs on this data directory (${url}), and not with ${what}.`,
      hint: 'Leave the flag out to use the running one, stop it, or choose another directory with --data-dir.',
    });
  if (demo === true && !known.demo) throw elsewhere('the demo fleet');
  if (kubeconfig === undefined) return;
  const file = resolve(kubeconfig);
  if (![...known.contexts, ...known.problems].some((row) => resolve(row.file) === file)) throw elsewhere(`the kubeconfig ${file}`);
}
