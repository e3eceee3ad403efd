import type { Plan, Reach } from '../../agents/contract/index.ts';
import { openPlan } from '../state/here.ts';
import { linkTo } from '../state/route.ts';
import { CopyButton } from '../ui/copy.tsx';
import { Fact } from '../ui/fact.tsx';
import { Resource } from '../ui/resource.tsx';
import { ScrollBox } from '../ui/scroll-box.tsx';

const MOST = 6;

/** What a decision weighs besides the change itself: who else is touched, whether it is allowed, and who would put it back. */
export function Weighed({ plan }: { plan: Plan }) {
  const { reach, permissions, managedBy, sourcePatch } = plan;
  return (
    <>
      {reach !== undefined && (
        <Fact name="Touches">
          <Touches reach={reach} />
          <a href={linkTo('fleet', undefined, { plan: plan.id })} onClick={() => openPlan(undefined)}>
            Show its reach on the map
          </a>
        </Fact>
      )}
      {permissions.length > 0 && (
        <Fact name="Allowed">
          {permissions.map(({ right, allowed, because }) => (
            <div key={right} className={allowed ? '' : 'tone-broken'}>
              {allowed ? 'yes' : 'no'}: {right}
              {!allowed && because !== '' && <span className="hint"> {because}</span>}
            </div>
          ))}
        </Fact>
      )}
      {managedBy.length > 0 && (
        <Fact name="Looked after">
          {managedBy.map(({ resource, by, name, putsBack, because }) => (
            <div key={`${by} ${name} ${resource.kind} ${resource.name}`} className={putsBack ? 'tone-degraded' : ''} title={because}>
              {by} {name !== '' && <span className="name">{name}</span>} {putsBack ? 'would put this back' : 'also looks after'}{' '}
              <Resource of={resource} />
            </div>
          ))}
          {sourcePatch !== undefined && (
            <details className="mt-1">
              <summary>The same change for its source</summary>
              <ScrollBox as="pre" className="mt-1 overflow-auto whitespace-pre" label="The same change for its source">
                {sourcePatch}
              </ScrollBox>
              <CopyButton text={sourcePatch} words="Copy the patch for its source" label="Copy" />
            </details>
          )}
        </Fact>
      )}
    </>
  );
}

function Touches({ reach: { restarts, ready, dependents, more, budgets } }: { reach: Reach }) {
  const unlisted = Math.max(0, dependents.length - MOST) + more;
  return (
    <>
      <div>
        {restarts === 0 ? 'no pod restarts' : `${restarts} ${restarts === 1 ? 'pod restarts' : 'pods restart'}, ${ready} ready now`}
      </div>
      {dependents.slice(0, MOST).map(({ resource, how }) => (
        <div key={`${how} ${resource.kind} ${resource.namespace ?? ''} ${resource.name}`}>
          <Resource of={resource} /> <span className="hint">{how}</span>
        </div>
      ))}
      {unlisted > 0 && <div className="hint">and {unlisted} more</div>}
      {budgets.map(({ resource, allows }) => (
        <div key={`${resource.namespace ?? ''} ${resource.name}`} className={allows === 0 ? 'tone-degraded' : ''}>
          <Resource of={resource} />{' '}
          {allows === null ? 'does not say how many may be missing' : `allows ${allows} ${allows === 1 ? 'disruption' : 'disruptions'} now`}
        </div>
      ))}
    </>
  );
}
