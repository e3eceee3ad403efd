import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { refuse } from './cluster.ts';
import { refuseTaken } from './control-plane.ts';
import { mountsBelow } from './down.ts';
import { SLOTS, allPorts, isFree, netOf, overlap, routedNetworks } from './instance.ts';

describe('places of instances', () => {
  it('gives no port to two instances', () => {
    const ports = Array.from({ length: SLOTS }, (_, slot) => allPorts(slot)).flat();
    expect(new Set(ports).size).toBe(ports.length);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  it('gives no network to two instances', () => {
    const networks = Array.from({ length: SLOTS }, (_, slot) => [netOf({ id: '', slot }).link, netOf({ id: '', slot }).pods]).flat();
    const clashes = networks.flatMap((a, i) => networks.slice(i + 1).filter((b) => overlap(a, b)));
    expect(clashes).toEqual([]);
  });

  it('keeps the names of links within what the kernel takes', () => {
    const { hostLink, nodeLink } = netOf({ id: 'a2345678', slot: 0 });
    expect([hostLink.length, nodeLink.length].every((n) => n <= 15)).toBe(true);
  });

  it('reads networks from the routing table', () => {
    const table =
      'default via 192.0.2.1 dev eth0\n10.200.3.0/30 dev x proto kernel\nlocal 127.0.0.1 dev lo table local\nbroadcast 192.0.2.255 dev eth0\n';
    expect(routedNetworks(table)).toEqual(['10.200.3.0/30', '127.0.0.1', '192.0.2.255']);
  });

  it.each([
    ['10.200.0.0/30', '10.200.0.2', true],
    ['10.200.0.0/30', '10.200.0.4/30', false],
    ['10.0.0.0/8', '10.201.7.0/24', true],
    ['192.168.0.0/16', '10.201.7.0/24', false],
  ])('%s and %s overlap: %s', (a, b, expected) => {
    expect(overlap(a, b)).toBe(expected);
    expect(overlap(b, a)).toBe(expected);
  });

  it('says in words which port is taken', async () => {
    const holder = createServer();
    const port = await new Promise<number>((done) => {
      holder.listen(0, '127.0.0.1', () => done((holder.address() as { port: number }).port));
    });
    expect(await isFree(port)).toBe(false);
    await expect(refuseTaken(port, 'the API server', 0)).rejects.toThrow(
      `Port ${port}, needed for the API server, is taken by another program. End it, or run: npm run cluster -- down`,
    );
    await new Promise((done) => holder.close(done));
    await expect(refuseTaken(port, 'the API server', 0)).resolves.toBeUndefined();
  });
});

describe('refusals', () => {
  it.each([
    [
      1000,
      'linux',
      1,
      'A test cluster needs root: it makes a network namespace, mounts and control groups. Run it as root, for example with sudo.',
    ],
    [0, 'darwin', 1, 'A test cluster needs Linux; this is darwin.'],
    [0, 'linux', 0, '--clusters takes a number from 1 to 8.'],
    [0, 'linux', 1.5, '--clusters takes a number from 1 to 8.'],
    [0, 'linux', 9, '--clusters takes a number from 1 to 8.'],
  ])('uid %s on %s with %s clusters', (uid, platform, clusters, sentence) => {
    expect(() => refuse(uid, platform, clusters)).toThrow(sentence);
  });

  it('lets root on Linux pass', () => {
    expect(() => refuse(0, 'linux', 8)).not.toThrow();
  });
});

it('finds mounts below a folder, deepest first, and none beside it', () => {
  const table = 'a /s/one/x ext4 rw 0 0\nb /s/one/x/y\\040z tmpfs rw 0 0\nc /s/one-more tmpfs rw 0 0\nd / ext4 rw 0 0\n';
  expect(mountsBelow('/s/one', table)).toEqual(['/s/one/x/y z', '/s/one/x']);
});
