import { Suspense, lazy } from 'react';
import { RUNBOOKS } from '../runbooks/places.ts';
import { linkTo, useRoute } from '../state/route.ts';
import { Icon } from '../ui/icons.tsx';
import { DocumentPage } from './document-page.tsx';
import { Found } from './found.tsx';
import { Sources } from './sources.tsx';
import './knowledge.css';

const Runbooks = lazy(() => import('../runbooks/runbooks.tsx').then((m) => ({ default: m.Runbooks })));
const RunbooksLine = lazy(() => import('../runbooks/runbooks.tsx').then((m) => ({ default: m.RunbooksLine })));

/** What is known beforehand: a search in it, its documents, and where it comes from. */
export function Knowledge() {
  const { path, query } = useRoute();
  const [source, document] = path;
  if (source === RUNBOOKS) return <Runbooks code={document} />;
  if (source !== undefined && document !== undefined) {
    return (
      <div className="knowledge">
        <a className="back" href={linkTo('knowledge')} onClick={(e) => history.length > 1 && (e.preventDefault(), history.back())}>
          <Icon name="back" size={16} /> Back
        </a>
        <DocumentPage key={`${source}/${document}`} source={source} path={document} line={Number(query.get('line') ?? 0)} />
      </div>
    );
  }
  const ask = query.get('ask') ?? '';
  return (
    <div className="knowledge">
      <Found key={ask} ask={ask} />
      <Suspense fallback={null}>
        <RunbooksLine />
      </Suspense>
      <Sources />
    </div>
  );
}
