import { SegmentedControl } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';

import { useRead } from '../api/query';
import { Advice, Ticks } from '../parts/advice';
import { Page } from '../parts/page';
import { LatestNotices } from '../rooms/notices/notices';
import { RunsToSee } from '../rooms/runs/runs';
import { Tasks, TASK_VIEWS, type TaskView } from '../rooms/workflow/tasks';
import { useWords } from '../words/words';
import classes from './inbox.module.css';

/** What waits for the person at this desk: tasks, runs that want eyes, notices. */
export function Inbox({ view }: { view: TaskView }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const status = useRead('workspace.status', {});
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
          onChange={(value) => void navigate({ to: '/', search: { view: TASK_VIEWS.find((one) => one === value) }, replace: true })}
          data={TASK_VIEWS.map((value) => ({ value, label: t(`tasks-view-${value}`) }))}
        />
      }
    >
      {workspace?.alone && <Advice tone="info">{t('inbox-alone')}</Advice>}
      {workspace?.warnings.map((warning) => (
        <Advice key={warning} tone="warn">
          <Ticks text={warning} />
        </Advice>
      ))}
      <div className={classes.inbox}>
        <Tasks view={view} />
        <div className={classes.aside}>
          <RunsToSee />
          <LatestNotices />
        </div>
      </div>
    </Page>
  );
}
