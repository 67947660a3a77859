/** The page: a list of jobs, one job, and a new job. */
import { type ComponentChildren, render } from 'preact';
import { settings } from './api.ts';
import { JobListView } from './job-list.tsx';
import { JobView } from './job-view.tsx';
import { useAddress } from './navigation.ts';
import { NewJobView } from './new-job.tsx';
import { Link } from './parts.tsx';

function Page() {
  const address = useAddress();
  const [, , view = '', id = ''] = address.pathname.split('/');
  const views: Record<string, ComponentChildren> = {
    jobs: <JobView key={id} id={id} />,
    new: <NewJobView />,
  };
  return (
    <>
      <header>
        <h1>
          <Link to="/console/">Bucket Brigade</Link>
        </h1>
        <small>{`${settings.api}${settings.isReadOnly ? ' · read only' : ''}`}</small>
        <nav>{!settings.isReadOnly && <Link to="/console/new">New job</Link>}</nav>
      </header>
      {views[view] ?? <JobListView address={address} />}
    </>
  );
}

render(<Page />, document.body);
