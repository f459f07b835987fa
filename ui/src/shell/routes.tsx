import { createHashHistory, createRootRoute, createRoute, createRouter, Link, type RouterHistory } from '@tanstack/react-router';

import type { ProjectPage } from '../api/bindings/ProjectPage';
import type { VersionPage } from '../api/bindings/VersionPage';
import { Empty, FailureAdvice } from '../parts/advice';
import { Page, Section } from '../parts/page';
import { Story } from '../rooms/demonstration/story';
import { Entries, Entry, Ledger, type LedgerSearch } from '../rooms/ledger/ledger';
import { Define, type DefineSearch } from '../rooms/monitoring/define';
import { Monitor, type MonitorSearch } from '../rooms/monitoring/monitor';
import { Monitoring, MONITORING_TABS, MonitorList, type MonitoringSearch } from '../rooms/monitoring/monitoring';
import { Report, REPORT_TABS, type ReportSearch } from '../rooms/monitoring/report';
import { Notices } from '../rooms/notices/notices';
import { People, PEOPLE_TABS, type PeopleSearch } from '../rooms/people/people';
import { Compare } from '../rooms/registry/compare';
import { Evidence } from '../rooms/registry/evidence';
import { Models, type ModelsSearch } from '../rooms/registry/models';
import { Project, PROJECT_TABS, type ProjectTab } from '../rooms/registry/project';
import { Projects, type ProjectsSearch } from '../rooms/registry/projects';
import { Version, VERSION_TABS, type VersionTab } from '../rooms/registry/version';
import { BucketBrowser, Buckets } from '../rooms/runs/buckets';
import { CompareRuns } from '../rooms/runs/compare-runs';
import { Leftovers } from '../rooms/runs/leftovers';
import { Run } from '../rooms/runs/run';
import { RUN_STATES, RunList, Runs, type RunsSearch } from '../rooms/runs/runs';
import { Schedules } from '../rooms/runs/schedules';
import { KINDS, Submit, type SubmitSearch } from '../rooms/runs/submit';
import { Targets } from '../rooms/runs/targets';
import { ClusterTemplate } from '../rooms/runs/template';
import { ClusterTemplates } from '../rooms/runs/templates';
import { Settings } from '../rooms/settings/settings';
import { Definition } from '../rooms/workflow/definition';
import { Workflows, type WorkflowsSearch } from '../rooms/workflow/definitions';
import { Designer } from '../rooms/workflow/designer';
import { DefinitionDifferences } from '../rooms/workflow/differences';
import { ImportWizard } from '../rooms/workflow/import-wizard';
import { Instance } from '../rooms/workflow/instance';
import { Instances } from '../rooms/workflow/instances';
import { Rehearsal } from '../rooms/workflow/rehearsal';
import { StartButton } from '../rooms/workflow/start';
import { Task } from '../rooms/workflow/task';
import { TASK_PARTS, TASK_VIEWS, Tasks, type TaskPart } from '../rooms/workflow/tasks';
import { useWords } from '../words/words';
import { Frame } from './frame';
import { Inbox, type InboxSearch } from './inbox';

/** A typed search parameter: anything else in the address is dropped. */
type Search = Record<string, unknown>;
const text = (search: Search, name: string): string | undefined => (typeof search[name] === 'string' && search[name] !== '' ? search[name] : undefined);
const yes = (search: Search, name: string): boolean | undefined => (search[name] === true || search[name] === 'true' ? true : undefined);
const whole = (search: Search, name: string): number | undefined => (Number.isInteger(Number(search[name])) && Number(search[name]) > 0 ? Number(search[name]) : undefined);
const one = <T extends string>(values: readonly T[], search: Search, name: string): T | undefined => values.find((value) => value === search[name]);

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, errorComponent: Broken });

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (search: Search): InboxSearch => ({ view: one(TASK_VIEWS, search, 'view'), project: text(search, 'project'), search: text(search, 'search'), late: yes(search, 'late') }),
  component: () => <Inbox search={inbox.useSearch()} />,
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
          monitoring: (shown) => <MonitorList project={shown.project.id} height={520} />,
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
          monitoring: (shown) => <MonitorList version={shown.version} height={420} />,
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
  validateSearch: (search: Search): { at?: TaskPart | undefined } => ({ at: one(TASK_PARTS, search, 'at') }),
  component: () => <Task id={task.useParams()._splat ?? ''} at={task.useSearch().at} evidence={(shown: VersionPage) => <Evidence shown={shown} />} />,
});

const workflows = createRoute({
  getParentRoute: () => root,
  path: '/workflows',
  validateSearch: (search: Search): WorkflowsSearch => ({
    tab: one(['definitions', 'instances'] as const, search, 'tab'),
    state: one(['running', 'ended', 'incident'] as const, search, 'state'),
    new: yes(search, 'new'),
  }),
  component: () => <Workflows search={workflows.useSearch()} />,
});

const definition = createRoute({
  getParentRoute: () => root,
  path: '/definitions/$definition',
  component: () => <Definition id={definition.useParams().definition} />,
});

const design = createRoute({
  getParentRoute: () => root,
  path: '/designs/$design',
  component: () => {
    const { design: id } = design.useParams();
    return <Designer key={id} id={id} />;
  },
});

const rehearsal = createRoute({
  getParentRoute: () => root,
  path: '/rehearsal',
  validateSearch: (search: Search): { definition?: string | undefined; design?: string | undefined } => ({ definition: text(search, 'definition'), design: text(search, 'design') }),
  component: () => {
    const of = rehearsal.useSearch();
    return <Rehearsal key={of.definition ?? of.design ?? ''} of={of} />;
  },
});

const differences = createRoute({
  getParentRoute: () => root,
  path: '/compare-definitions',
  validateSearch: (search: Search): { before?: string | undefined; after?: string | undefined } => ({ before: text(search, 'before'), after: text(search, 'after') }),
  component: () => <DefinitionDifferences before={differences.useSearch().before ?? ''} after={differences.useSearch().after ?? ''} />,
});

const importing = createRoute({ getParentRoute: () => root, path: '/import-definition', component: ImportWizard });

const instance = createRoute({
  getParentRoute: () => root,
  path: '/instances/$instance',
  component: () => <Instance id={instance.useParams().instance} />,
});

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: (search: Search): RunsSearch => ({ state: one(RUN_STATES, search, 'state'), kind: one(KINDS, search, 'kind'), target: text(search, 'target') }),
  component: () => <Runs search={runs.useSearch()} />,
});

const submit = createRoute({
  getParentRoute: () => root,
  path: '/submit',
  validateSearch: (search: Search): SubmitSearch => ({
    version: text(search, 'version'),
    kind: one(KINDS, search, 'kind'),
    target: text(search, 'target'),
    bucket: text(search, 'bucket'),
    rehearse: yes(search, 'rehearse'),
    args: text(search, 'args'),
    properties: text(search, 'properties'),
    deadline: whole(search, 'deadline'),
  }),
  component: () => {
    const search = submit.useSearch();
    return <Submit key={JSON.stringify(search)} search={search} />;
  },
});

const compareRuns = createRoute({
  getParentRoute: () => root,
  path: '/compare-runs',
  validateSearch: (search: Search): { runs?: string | undefined } => ({ runs: text(search, 'runs') }),
  component: () => {
    const [first, second] = (compareRuns.useSearch().runs ?? '').split(',');
    return first && second ? <CompareRuns runs={[first, second]} /> : <NotFound />;
  },
});

const schedules = createRoute({
  getParentRoute: () => root,
  path: '/schedules',
  validateSearch: (search: Search): { add?: boolean | undefined } => ({ add: yes(search, 'add') }),
  component: () => {
    const adding = schedules.useSearch().add ?? false;
    return <Schedules key={String(adding)} adding={adding} />;
  },
});

const buckets = createRoute({ getParentRoute: () => root, path: '/buckets', component: Buckets });

const bucket = createRoute({
  getParentRoute: () => root,
  path: '/buckets/$bucket',
  validateSearch: (search: Search): { endpoint?: string | undefined; target?: string | undefined; prefix?: string | undefined } => ({ endpoint: text(search, 'endpoint'), target: text(search, 'target'), prefix: text(search, 'prefix') }),
  component: () => {
    const { endpoint, target, prefix } = bucket.useSearch();
    const { bucket: name } = bucket.useParams();
    return <BucketBrowser key={name} bucket={name} endpoint={endpoint} target={target} prefix={prefix ?? ''} />;
  },
});

const targets = createRoute({
  getParentRoute: () => root,
  path: '/targets',
  validateSearch: (search: Search): { add?: boolean | undefined } => ({ add: yes(search, 'add') }),
  component: () => {
    const adding = targets.useSearch().add ?? false;
    return <Targets key={String(adding)} adding={adding} />;
  },
});

const clusterTemplates = createRoute({ getParentRoute: () => root, path: '/cluster-templates', component: ClusterTemplates });

const clusterTemplate = createRoute({
  getParentRoute: () => root,
  path: '/cluster-template',
  validateSearch: (search: Search): { name?: string | undefined; from?: 'map' | undefined } => ({ name: text(search, 'name'), from: one(['map'] as const, search, 'from') }),
  component: () => {
    const { name, from } = clusterTemplate.useSearch();
    return <ClusterTemplate key={`${name} ${from}`} name={name} mapping={from === 'map'} />;
  },
});

const leftovers = createRoute({ getParentRoute: () => root, path: '/leftovers', component: Leftovers });

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run',
  component: () => {
    const { run: id } = run.useParams();
    return <Run key={id} id={id} />;
  },
});

const monitoring = createRoute({
  getParentRoute: () => root,
  path: '/monitoring',
  validateSearch: (search: Search): MonitoringSearch => ({ tab: one(MONITORING_TABS, search, 'tab'), state: one(['open', 'settled', 'all'] as const, search, 'state') }),
  component: () => <Monitoring search={monitoring.useSearch()} />,
});

const defineMonitor = createRoute({
  getParentRoute: () => root,
  path: '/monitoring/new',
  validateSearch: (search: Search): DefineSearch => ({ version: text(search, 'version'), monitor: text(search, 'monitor') }),
  component: () => <Define search={defineMonitor.useSearch()} />,
});

const monitor = createRoute({
  getParentRoute: () => root,
  path: '/monitoring/$monitor',
  validateSearch: (search: Search): MonitorSearch => ({ decide: yes(search, 'decide') }),
  component: () => {
    const { monitor: id } = monitor.useParams();
    return <Monitor key={id} id={id} search={monitor.useSearch()} />;
  },
});

const report = createRoute({
  getParentRoute: () => root,
  path: '/reports/$report',
  validateSearch: (search: Search): ReportSearch => ({ tab: one(REPORT_TABS, search, 'tab'), period: text(search, 'period'), with: text(search, 'with') }),
  component: () => {
    const { report: id } = report.useParams();
    return <Report key={id} id={id} search={report.useSearch()} />;
  },
});

const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  validateSearch: (search: Search): PeopleSearch => ({ tab: one(PEOPLE_TABS, search, 'tab'), own: yes(search, 'own') }),
  component: () => <People search={people.useSearch()} />,
});

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
  inbox, projects, project, models, version, compare, task, workflows, definition, design, rehearsal, differences, importing, instance, runs, run, submit,
  compareRuns, schedules, buckets, bucket, targets, clusterTemplates, clusterTemplate, leftovers, monitoring, defineMonitor, monitor, report, people, ledger, entry,
  notices, settings, story,
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
