import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * One thread reads all clusters. When many of them send at once, each reader by itself lets go often enough, and all together do not:
 * so the time since the loop last had its turn is counted for the thread, and whoever finds it spent waits for the next turn.
 */
const TURN_MS = 12;
let began = performance.now();

/** Resolves at once while the turn is young. */
export async function giveWay(): Promise<void> {
  if (performance.now() - began < TURN_MS) return;
  await nextTurn();
  began = performance.now();
}
