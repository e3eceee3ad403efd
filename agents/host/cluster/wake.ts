import { networkInterfaces } from 'node:os';

/**
 * Notices that the machine has slept or is on another network: connections that were open then may be dead without anybody saying so.
 * A machine that sleeps stops the monotonic clock or the timers, and not the wall clock; a new network shows in the addresses.
 */
const LOOK_MS = 5_000;
/** The wall clock may be set right by a little; more than this means that time has passed unseen. */
const SLEPT_MS = 10_000;

/** Links of containers and virtual machines come and go all day, and the clusters are not reached over them. */
const OF_CONTAINERS = /^(?:veth|docker|br-|cni|flannel|cali|cilium|lxc|virbr|vnet|tap|kube|podman|vmnet|vboxnet|bridge\d)/;

interface WakeSource {
  /** Milliseconds since 1970. */
  wall(): number;
  /** The addresses of this machine, in any fixed order. */
  addresses(): string;
}

const machine: WakeSource = {
  wall: () => Date.now(),
  addresses: () =>
    Object.entries(networkInterfaces())
      .filter(([name]) => !OF_CONTAINERS.test(name))
      .flatMap(([, list]) => list ?? [])
      // Addresses of a link alone say nothing, and privacy addresses of IPv6 come and go on a network that stays the same.
      .filter((i) => !i.internal && !i.address.startsWith('fe80:'))
      .map((i) => (i.family === 'IPv4' ? i.address : i.mac))
      .sort()
      .join(),
};

/** Calls back after a sleep or a change of network, with what it was. Returns how to stop. */
export function onWake(woke: (because: 'slept' | 'network') => void, source: WakeSource = machine, lookMs = LOOK_MS): () => void {
  let last = source.wall();
  let addresses = source.addresses();
  const timer = setInterval(() => {
    const now = source.wall();
    const here = source.addresses();
    const slept = now - last > lookMs + SLEPT_MS;
    const moved = here !== addresses && here !== '';
    [last, addresses] = [now, here];
    if (slept) woke('slept');
    else if (moved) woke('network');
  }, lookMs).unref();
  return () => clearInterval(timer);
}
