import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or critical on the page as it stands: the rule, the place, and why. By all its rules, or by those named. */
export async function barriers(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // Evaluated from outside of the page, whose policy loads no script but its own.
  await page.evaluate(AXE);
  const results = await page.evaluate(
    (only) =>
      (window as unknown as { axe: { run: (how: object) => Promise<AxeResults> } }).axe.run(only === undefined ? {} : { runOnly: only }),
    rules,
  );
  return results.violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary ?? v.help}`));
}
