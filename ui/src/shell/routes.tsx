import { createHashHistory, createRootRoute, createRoute, createRouter, Link, type RouterHistory } from '@tanstack/react-router';

import type { ProjectPage } from '../api/bindings/ProjectPage';
import type { VersionPage } from '../api/bindings/VersionPage';
import { Empty, FailureAdvice } from '../parts/advice';
import { Page, Section } from '../parts/page';
import { Story } from '../rooms/demonstration/story';
import { Entries, Entry, Ledger, type LedgerSearch } from '../rooms/ledger/ledger';
import { Notices } from '../rooms/notices/notices';
import { People } from '../rooms/people/people';
import { Compare } from '../rooms/registry/compare';
import { Evidence } from '../rooms/registry/evidence';
import { Models, type ModelsSearch } from '../rooms/registry/models';
import { Project, PROJECT_TABS, type ProjectTab } from '../rooms/registry/project';
import { Projects, type ProjectsSearch } from '../rooms/registry/projects';
import { Version, VERSION_TABS, type VersionTab } from '../rooms/registry/version';
import { Run } from '../rooms/runs/run';
import { RunList, Runs } from '../rooms/runs/runs';
import { Settings } from '../rooms/settings/settings';
import { Definition } from '../rooms/workflow/definition';
import { Workflows, type WorkflowsSearch } from '../rooms/workflow/definitions';
import { Instance } from '../rooms/workflow/instance';
import { Instances } from '../rooms/workflow/instances';
import { StartButton } from '../rooms/workflow/start';
import { Task } from '../rooms/workflow/task';
import { Tasks, TASK_VIEWS, type TaskView } from '../rooms/workflow/tasks';
import { useWords } from '../words/words';
import { Frame } from './frame';
import { Inbox } from './inbox';

/** A typed search parameter: anything else in the address is dropped. */
type Search = Record<string, unknown>;
const text = (search: Search, name: string): string | undefined => (typeof search[name] === 'string' && search[name] !== '' ? search[name] : undefined);
const yes = (search: Search, name: string): boolean | undefined => (search[name] === true || search[name] === 'true' ? true : undefined);
const one = <T extends string>(values: readonly T[], search: Search, name: string): T | undefined => values.find((value) => value === search[name]);

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, errorComponent: Broken });

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (search: Search): { view?: TaskView | undefined } => ({ view: one(TASK_VIEWS, search, 'view') }),
  component: () => <Inbox view={inbox.useSearch().view ?? 'inbox'} />,
});

const projects = createRoute({
  getParentRoute: () => root,
  path: '/projects',
  validateSearch: (search: Search): ProjectsSearch => ({ search: text(search, 'search'), sort: text(search, 'sort'), import: yes(search, 'import'), create: yes(search, 'create') }),
  component: () => <Projects search={projects.useSearch()} />,
});

const project = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project',
  validateSearch: (search: Search): { tab?: ProjectTab | undefined } => ({ tab: one(PROJECT_TABS, search, 'tab') }),
  component: () => {
    const { project: id } = project.useParams();
    return (
      <Project
        key={id}
        id={id}
        tab={project.useSearch().tab ?? 'models'}
        slots={{
          start: (shown) => <StartButton project={shown.project.id} />,
          workflow: (shown) => <ProjectWorkflow shown={shown} />,
          runs: (shown) => <RunList project={shown.project.id} height={520} />,
          history: (shown) => <Entries subject={shown.project.id} />,
        }}
      />
    );
  },
});

const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  validateSearch: (search: Search): ModelsSearch => ({ search: text(search, 'search'), sort: text(search, 'sort') }),
  component: () => <Models search={models.useSearch()} />,
});

const version = createRoute({
  getParentRoute: () => root,
  path: '/versions/$version',
  validateSearch: (search: Search): { tab?: VersionTab | undefined; file?: string | undefined } => ({ tab: one(VERSION_TABS, search, 'tab'), file: text(search, 'file') }),
  component: () => {
    const { version: id } = version.useParams();
    const search = version.useSearch();
    return (
      <Version
        key={id}
        id={id}
        tab={search.tab ?? 'overview'}
        file={search.file}
        slots={{
          actions: (shown) => <StartButton project={shown.model.project} version={shown.version} primary={false} />,
          history: (shown) => <Entries subject={shown.version} />,
        }}
      />
    );
  },
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: (search: Search): { versions?: string | undefined } => ({ versions: text(search, 'versions') }),
  component: () => <Compare versions={(compare.useSearch().versions ?? '').split(',').filter((id) => id !== '')} />,
});

const task = createRoute({
  getParentRoute: () => root,
  path: '/tasks/$',
  component: () => <Task id={task.useParams()._splat ?? ''} evidence={(shown: VersionPage) => <Evidence shown={shown} />} />,
});

const workflows = createRoute({
  getParentRoute: () => root,
  path: '/workflows',
  validateSearch: (search: Search): WorkflowsSearch => ({
    tab: one(['definitions', 'instances'] as const, search, 'tab'),
    state: one(['running', 'ended', 'incident'] as const, search, 'state'),
    import: yes(search, 'import'),
  }),
  component: () => <Workflows search={workflows.useSearch()} />,
});

const definition = createRoute({
  getParentRoute: () => root,
  path: '/definitions/$definition',
  component: () => <Definition id={definition.useParams().definition} />,
});

const instance = createRoute({
  getParentRoute: () => root,
  path: '/instances/$instance',
  component: () => <Instance id={instance.useParams().instance} />,
});

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: (search: Search): { state?: string | undefined } => ({ state: one(['live', 'succeeded', 'failed', 'cancelled'] as const, search, 'state') }),
  component: () => <Runs state={runs.useSearch().state} />,
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run',
  component: () => {
    const { run: id } = run.useParams();
    return <Run key={id} id={id} />;
  },
});

const people = createRoute({ getParentRoute: () => root, path: '/people', component: People });

const ledger = createRoute({
  getParentRoute: () => root,
  path: '/ledger',
  validateSearch: (search: Search): LedgerSearch => ({ member: text(search, 'member'), subject: text(search, 'subject'), verify: yes(search, 'verify') }),
  component: () => <Ledger search={ledger.useSearch()} />,
});

const entry = createRoute({
  getParentRoute: () => root,
  path: '/ledger/$position',
  component: () => <Entry position={Number(entry.useParams().position)} />,
});

const notices = createRoute({
  getParentRoute: () => root,
  path: '/notices',
  validateSearch: (search: Search): { unread?: boolean | undefined } => ({ unread: yes(search, 'unread') }),
  component: () => <Notices unread={notices.useSearch().unread ?? false} />,
});

const settings = createRoute({ getParentRoute: () => root, path: '/settings', component: Settings });
const story = createRoute({ getParentRoute: () => root, path: '/story', component: Story });

const tree = root.addChildren([
  inbox, projects, project, models, version, compare, task, workflows, definition, instance, runs, run, people, ledger, entry, notices, settings, story,
]);

/** The pages of the window. The address lives behind `#`, so that any file host can serve it. */
export function deskRouter(history: RouterHistory = createHashHistory()) {
  return createRouter({ routeTree: tree, history, defaultStructuralSharing: true });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof deskRouter>;
  }
}

function ProjectWorkflow({ shown }: { shown: ProjectPage }) {
  const { t } = useWords();
  return (
    <>
      <h2>{t('tasks')}</h2>
      <Tasks view="all" project={shown.project.id} height={260} />
      <h2>{t('instances')}</h2>
      <Instances project={shown.project.id} height={320} />
    </>
  );
}

function NotFound() {
  const { t } = useWords();
  return (
    <Page title={t('not-found')}>
      <Section>
        <Empty title={t('not-found-text')} actions={<Link to="/">{t('nav-inbox')}</Link>} />
      </Section>
    </Page>
  );
}

function Broken({ error }: { error: unknown }) {
  const { t } = useWords();
  return (
    <Page title={t('broken')}>
      <FailureAdvice thrown={error} again={() => window.location.reload()} />
    </Page>
  );
}
