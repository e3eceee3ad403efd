import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or critical on the page as it stands: the rule, the place, and why. By all its rules and ours, or by those named. */
export async function barriers(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  await stands(page);
  // Evaluated from outside of the page, whose policy loads no script but its own.
  await page.evaluate(AXE);
  const results = await page.evaluate(
    (only) =>
      (window as unknown as { axe: { run: (how: object) => Promise<AxeResults> } }).axe.run(only === undefined ? {} : { runOnly: only }),
    rules,
  );
  const found = results.violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary ?? v.help}`));
  return rules === undefined ? [...found, ...(await beyondKeys(page))] : found;
}

/** Another theme comes over some frames, and a colour on its way there is nobody's: awaits that nothing moves but what never ends. */
const stands = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    const moving = () =>
      document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Infinity && a.playState === 'running');
    // One that is taken back rejects.
    while (moving().length > 0) await Promise.allSettled(moving().map((a) => a.finished));
  });

/**
 * What scrolls and holds nothing that takes the focus is scrolled by no key, but for the choices below a field, which follow its arrows. axe
 * looks only at what is fuller than its room just now.
 */
const beyondKeys = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const focusable = 'a[href], button, input, select, textarea, summary, [contenteditable="true"], [tabindex]:not([tabindex="-1"])';
    return [...document.querySelectorAll<HTMLElement>('body *:not([role="listbox"])')]
      .filter((e) => e.checkVisibility() && e.textContent.trim() !== '' && e.tabIndex < 0 && e.querySelector(focusable) === null)
      .filter((e) => /auto|scroll/.test(getComputedStyle(e).overflow))
      .map((e) => `scrolled by no key: ${e.tagName.toLowerCase()}.${e.className}: ${e.textContent.slice(0, 80)}`);
  });
