/** The page: a list of jobs, one job, and a new job. */
import { render } from 'preact';
import { settings } from './api.ts';
import { JobListView } from './job-list.tsx';
import { JobView } from './job-view.tsx';
import { useAddress } from './navigation.ts';
import { NewJobView } from './new-job.tsx';
import { Link } from './parts.tsx';

function Page() {
  const address = useAddress();
  const [, , view = '', id = ''] = address.pathname.split('/');
  return (
    <>
      <header>
        <h1>
          <Link to="/console/">Bucket Brigade</Link>
        </h1>
        <small>
          {settings.api}
          {settings.isReadOnly ? ' · read only' : ''}
        </small>
        {!settings.isReadOnly && (
          <nav>
            <Link to="/console/new">New job</Link>
          </nav>
        )}
      </header>
      {view === 'jobs' ? (
        <JobView key={id} id={id} />
      ) : view === 'new' ? (
        <NewJobView />
      ) : (
        <JobListView address={address} />
      )}
    </>
  );
}

render(<Page />, document.body);
