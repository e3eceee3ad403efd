import type { Plan } from '../../agents/contract/index.ts';
import { linkTo } from '../state/route.ts';

/** Whether the browser has notifications of the system to offer here. The desktop window gives its own. */
export const canNotify = (w: Window): boolean => w.quarterdeckShell === undefined && w.isSecureContext && 'Notification' in w;

/** Asks the person, through the browser; false where they said no, now or before. */
export const mayNotify = async (): Promise<boolean> => (await Notification.requestPermission()) === 'granted';

/** Says once, by the system, that a plan waits, where nobody looks at the page. */
export async function notifyOf(plan: Plan, agent: string, w: Window): Promise<void> {
  if (!canNotify(w) || Notification.permission !== 'granted' || (w.document.visibilityState === 'visible' && w.document.hasFocus())) return;
  const title = `${agent} proposes: ${plan.title}`;
  const hash = linkTo('approvals', plan.id);
  const how = { body: `${plan.context}, risk ${plan.risk}. Nothing is done before you approve it.`, tag: plan.id, data: hash };
  // A phone shows them only through the page's worker, which then also hears the tap; one that is still being installed shows nothing.
  const worker = await w.navigator.serviceWorker?.getRegistration().catch(() => undefined);
  if (worker?.active != null) return worker.showNotification(title, how);
  const shown = new Notification(title, how);
  shown.onclick = () => {
    w.focus();
    w.location.hash = hash;
    shown.close();
  };
}
