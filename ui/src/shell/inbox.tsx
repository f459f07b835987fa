import { Button, Checkbox, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';

import { useRead } from '../api/query';
import { Advice, Ticks } from '../parts/advice';
import { Page } from '../parts/page';
import { DecisionsToTake } from '../rooms/monitoring/decisions';
import { LatestNotices } from '../rooms/notices/notices';
import { RunsToSee } from '../rooms/runs/runs';
import { Tasks, TASK_VIEWS, type TaskView } from '../rooms/workflow/tasks';
import { useWords } from '../words/words';
import classes from './inbox.module.css';

/** What the address says about the inbox: its view and filters, to be kept and sent as a link. */
export interface InboxSearch {
  view?: TaskView | undefined;
  project?: string | undefined;
  search?: string | undefined;
  /** Only what is overdue. */
  late?: boolean | undefined;
}

/** What waits for the person at this desk: tasks, runs that want eyes, notices. */
export function Inbox({ search }: { search: InboxSearch }) {
  const { view = 'inbox' } = search;
  const { t } = useWords();
  const navigate = useNavigate();
  const status = useRead('workspace.status', {});
  const projects = useRead('registry.list_projects', { page: { limit: 200 } });
  const filter = useDebouncedCallback((text: string) => void navigate({ to: '/', search: { ...search, search: text === '' ? undefined : text }, replace: true }), 150);
  const workspace = status.data?.workspace;
  return (
    <Page
      title={t('nav-inbox')}
      fills
      lead={workspace?.member ? t('inbox-lead', { name: workspace.member.display_name, workspace: workspace.name }) : undefined}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('tasks')}
          value={view}
          onChange={(value) => void navigate({ to: '/', search: { ...search, view: TASK_VIEWS.find((one) => one === value) }, replace: true })}
          data={TASK_VIEWS.map((value) => ({ value, label: t(`tasks-view-${value}`) }))}
        />
      }
    >
      {workspace && workspace.members_here.length === 0 && (
        <Advice tone="info" actions={<Button onClick={() => void navigate({ to: '/people', search: { own: true } })}>{t('own-key')}</Button>}>
          {t('inbox-keyless')}
        </Advice>
      )}
      {workspace?.alone && <Advice tone="info">{t('inbox-alone')}</Advice>}
      {workspace?.warnings.map((warning) => (
        <Advice key={warning} tone="warn">
          <Ticks text={warning} />
        </Advice>
      ))}
      <div className={classes.inbox}>
        <div className={classes.main}>
          <div className={classes.filters}>
            <TextInput size="xs" aria-label={t('tasks-filter')} placeholder={t('tasks-filter')} defaultValue={search.search ?? ''} onChange={(event) => filter(event.currentTarget.value)} />
            <Select
              size="xs"
              aria-label={t('tasks-project')}
              placeholder={t('tasks-project-all')}
              clearable
              searchable
              value={search.project ?? null}
              onChange={(project) => void navigate({ to: '/', search: { ...search, project: project ?? undefined }, replace: true })}
              data={(projects.data?.rows ?? []).map((one) => ({ value: one.id, label: one.name }))}
            />
            <Checkbox label={t('tasks-late')} checked={search.late === true} onChange={(event) => void navigate({ to: '/', search: { ...search, late: event.currentTarget.checked || undefined }, replace: true })} />
          </div>
          <Tasks view={view} project={search.project} search={search.search} late={search.late} />
        </div>
        <div className={classes.aside}>
          <DecisionsToTake />
          <RunsToSee />
          <LatestNotices />
        </div>
      </div>
    </Page>
  );
}
