import { Button, Menu, Tabs } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis, Upload } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import type { ModelRow } from '../../api/bindings/ModelRow';
import type { ProjectPage as Shown } from '../../api/bindings/ProjectPage';
import { useRead, useRows, useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { Grid } from '../../parts/grid';
import { Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { useWords } from '../../words/words';
import { ImportPackage } from './import-package';
import { modelColumns } from './models';

export const PROJECT_TABS = ['models', 'workflow', 'monitoring', 'runs', 'history', 'properties'] as const;
export type ProjectTab = (typeof PROJECT_TABS)[number];

/** What other rooms show on a project's page; the shell brings them. */
export interface ProjectSlots {
  workflow: (project: Shown) => ReactNode;
  monitoring: (project: Shown) => ReactNode;
  runs: (project: Shown) => ReactNode;
  history: (project: Shown) => ReactNode;
  start: (project: Shown) => ReactNode;
}

/** One project: its models, who is champion, and what goes on around it. */
export function Project({ id, tab, slots }: { id: string; tab: ProjectTab; slots: ProjectSlots }) {
  const words = useWords();
  const { t, known } = words;
  const navigate = useNavigate();
  const read = useRead('registry.show_project', { project: id });
  const [importing, setImporting] = useState(false);
  if (read.error) {
    return (
      <Page title={t('nav-projects')}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  if (!read.data) return <PageLoading />;
  const shown = read.data;
  const { project } = shown;
  return (
    <Page
      title={project.name}
      fills={tab === 'models'}
      crumbs={[<Link to="/projects">{t('nav-projects')}</Link>]}
      lead={project.description || t('project-no-purpose')}
      actions={
        <>
          <Button leftSection={<Upload size={14} aria-hidden />} onClick={() => setImporting(true)}>
            {t('import-title')}
          </Button>
          {slots.start(shown)}
        </>
      }
    >
      <Standing shown={shown} />
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ to: '/projects/$project', params: { project: id }, search: { tab: PROJECT_TABS.find((one) => one === value) ?? 'models' }, replace: true })}
      >
        <Tabs.List>
          <Tabs.Tab value="models">{t('nav-models')}</Tabs.Tab>
          <Tabs.Tab value="workflow">{t('tab-workflow')}</Tabs.Tab>
          <Tabs.Tab value="monitoring">{t('tab-monitoring')}</Tabs.Tab>
          <Tabs.Tab value="runs">{t('nav-runs')}</Tabs.Tab>
          <Tabs.Tab value="history">{t('tab-history')}</Tabs.Tab>
          <Tabs.Tab value="properties">{t('tab-properties')}</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      {tab === 'models' && <ProjectModels project={project.id} onImport={() => setImporting(true)} />}
      {tab === 'workflow' && slots.workflow(shown)}
      {tab === 'monitoring' && slots.monitoring(shown)}
      {tab === 'runs' && slots.runs(shown)}
      {tab === 'history' && slots.history(shown)}
      {tab === 'properties' && (
        <Section>
          <Pairs
            of={[
              [t('col-function'), project.function && known('function', project.function)],
              ...shown.properties.map((property) => [known('property', property.name), property.value] as const),
              [t('col-created'), <Moment at={project.created_at} />],
              [t('col-by'), project.created_by],
              [t('col-id'), <code>{project.id}</code>],
            ]}
          />
        </Section>
      )}
      <ImportPackage opened={importing} onClose={() => setImporting(false)} project={project.id} />
    </Page>
  );
}

/** Who is champion, and who competes. */
function Standing({ shown }: { shown: Shown }) {
  const { t } = useWords();
  const { champion, challengers } = shown.project;
  return (
    <Section>
      <div className="line-wrap" style={{ gap: 40 }}>
        <div className="stack-tight" style={{ gap: 0 }}>
          <span className="small dim">{t('place-champion')}</span>
          {champion ? (
            <Link to="/versions/$version" params={{ version: champion.version }}>
              {champion.model_name} {champion.number}
            </Link>
          ) : (
            <span>{t('project-no-champion-text')}</span>
          )}
        </div>
        <div className="stack-tight" style={{ gap: 0 }}>
          <span className="small dim">{t('challengers')}</span>
          {challengers.length === 0 ? (
            <span>{t('none')}</span>
          ) : (
            <span className="line-wrap">
              {challengers.map((one) => (
                <Link key={one.version} to="/versions/$version" params={{ version: one.version }}>
                  {one.model_name} {one.number}
                </Link>
              ))}
            </span>
          )}
        </div>
        {champion && challengers.length > 0 && (
          <Link to="/compare" search={{ versions: [champion, ...challengers].slice(0, 4).map((one) => one.version).join(',') }}>
            {t('compare-with-champion')}
          </Link>
        )}
      </div>
    </Section>
  );
}

function ProjectModels({ project, onImport }: { project: string; onImport: () => void }) {
  const words = useWords();
  const { t } = words;
  const navigate = useNavigate();
  const [sort, setSort] = useState('name');
  const placing = usePlacing();
  const list = useRows('registry.list_models', { project, page: { sort } });
  const columns = modelColumns(words, false).map((column) => ({ ...column, sortable: column.sortable === true && column.key !== 'project' }));
  return (
    <>
      {placing.error && <FailureAdvice thrown={placing.error} />}
      <Grid
        label={t('nav-models')}
        columns={[...columns, { key: 'act', name: t('col-actions'), width: '60px', cell: (row) => <ModelMenu row={row} placing={placing} /> }]}
        {...list}
        rowKey={(row) => row.id}
        sort={sort}
        onSort={setSort}
        onOpen={(row) => void navigate({ to: '/versions/$version', params: { version: row.latest.version } })}
        empty={{
          title: t('models-empty'),
          text: t('models-empty-text'),
          actions: (
            <Button variant="filled" onClick={onImport}>
              {t('import-title')}
            </Button>
          ),
        }}
      />
    </>
  );
}

function ModelMenu({ row, placing }: { row: ModelRow; placing: ReturnType<typeof usePlacing> }) {
  const { t } = useWords();
  return (
    <Menu position="bottom-end" shadow="sm">
      <Menu.Target>
        <Button size="compact-xs" variant="subtle" color="gray" aria-label={t('actions-for', { name: row.name })}>
          <Ellipsis size={14} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <PlaceItems version={row.latest.version} role={row.role} placing={placing} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** The commands that place versions. They live with the page: a menu is gone before its command answers. */
export function usePlacing() {
  const champion = useWrite('registry.set_champion');
  const challenger = useWrite('registry.set_challenger');
  const clear = useWrite('registry.clear_place');
  const all = { champion, challenger, clear };
  return {
    error: champion.error ?? challenger.error ?? clear.error,
    place(how: keyof typeof all, version: string) {
      for (const one of Object.values(all)) one.reset();
      all[how].mutate({ version });
    },
  };
}

/** Menu items that give a version its place in the project, or take it. */
export function PlaceItems({ version, role, placing }: { version: string; role: string; placing: ReturnType<typeof usePlacing> }) {
  const { t } = useWords();
  return (
    <>
      {role !== 'champion' && <Menu.Item onClick={() => placing.place('champion', version)}>{t('place-make-champion')}</Menu.Item>}
      {role === 'plain' && <Menu.Item onClick={() => placing.place('challenger', version)}>{t('place-make-challenger')}</Menu.Item>}
      {role !== 'plain' && <Menu.Item onClick={() => placing.place('clear', version)}>{t('place-clear')}</Menu.Item>}
    </>
  );
}
