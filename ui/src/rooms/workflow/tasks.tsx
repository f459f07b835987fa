import { ActionIcon, Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Link, useNavigate } from '@tanstack/react-router';
import { AlarmClock, CircleCheckBig, Hand } from 'lucide-react';
import { useState } from 'react';

import type { TaskRow } from '../../api/bindings/TaskRow';
import type { Request } from '../../api/call';
import { useRows, useWrite } from '../../api/query';
import { Badge } from '../../parts/badge';
import { Grid, type GridColumn } from '../../parts/grid';
import { Ago, Due } from '../../parts/moment';
import { useWords, type Words } from '../../words/words';
import classes from './tasks.module.css';

/** Part of a task's page that an address may point at. */
export const TASK_PARTS = ['answer', 'comments'] as const;
export type TaskPart = (typeof TASK_PARTS)[number];

export const TASK_VIEWS = ['inbox', 'mine', 'open', 'snoozed', 'all'] as const;
export type TaskView = (typeof TASK_VIEWS)[number];

/** User tasks: claim with `c`, open with Enter. */
export function Tasks({ view, project, search, late, height }: { view: TaskView; project?: string | undefined; search?: string | undefined; late?: boolean | undefined; height?: number }) {
  const { t, moment } = useWords();
  const navigate = useNavigate();
  const [sort, setSort] = useState('due');
  const request = { view, ...(project === undefined ? {} : { project }), ...(late ? { late } : {}), page: { sort, ...(search === undefined ? {} : { search }) } } as Request<'workflow.list_tasks'>;
  const list = useRows('workflow.list_tasks', request);
  const claim = useClaim();
  const snooze = useWrite('workflow.snooze');
  const open = (row: TaskRow, at?: TaskPart) => void navigate({ to: '/tasks/$', params: { _splat: row.id }, search: at === undefined ? {} : { at } });

  const columns: GridColumn<TaskRow>[] = [
    {
      key: 'name',
      sortable: true,
      name: t('col-task'),
      width: 'minmax(150px, 1fr)',
      cell: (row) => (
        <div className={classes.task}>
          <span className="line">
            <Link className="cut" to="/tasks/$" params={{ _splat: row.id }} tabIndex={-1}>
              {row.name}
            </Link>
            {row.is_gate && <Badge tone="accent">{t('task-gate')}</Badge>}
            <Signatures row={row} />
          </span>
          <span className="cut small dim">
            {[row.version?.label, project === undefined ? row.project_name : null, row.definition, row.snoozed_until && t('snoozed-until', { when: moment(row.snoozed_until) })].filter((part) => part !== null && part !== undefined).join(' · ')}
          </span>
        </div>
      ),
    },
    { key: 'state', name: t('col-state'), width: '100px', cell: (row) => <TaskState row={row} /> },
    ...(list.rows.some((row) => row !== undefined && row.priority !== null) ? [{ key: 'priority', name: t('col-priority'), width: '84px', sortable: true, cell: (row: TaskRow) => row.priority ?? '' }] : []),
    { key: 'due', sortable: true, name: t('col-due'), width: '144px', cell: (row) => (row.due ? <Due at={row.due} /> : '') },
    { key: 'created_at', sortable: true, name: t('col-waits-since'), width: '84px', cell: (row) => <Ago at={row.created_at} /> },
    {
      key: 'act',
      name: t('col-actions'),
      width: '112px',
      cell: (row) => (
        <span className={classes.acts}>
        {row.assignee === null && row.may_claim && (
          <Button size="compact-xs" tabIndex={-1} leftSection={<Hand size={12} aria-hidden />} onClick={() => claim(row)}>
            {t('task-claim')}
          </Button>
        )}
        <Snooze row={row} onSnooze={(until) => snooze.mutate({ task: row.id, ...(until === undefined ? {} : { until }) })} />
        </span>
      ),
    },
  ];
  return (
    <Grid
      label={t('tasks')}
      columns={columns}
      {...list}
      sort={sort}
      onSort={setSort}
      rowKey={(row) => row.id}
      onOpen={(row) => open(row)}
      onKey={(key, row) => {
        if (key === 'c' && row.assignee === null) claim(row);
        else if (key === 's') snooze.mutate({ task: row.id, ...(row.snoozed_until === null ? { until: morning(1) } : {}) });
        else if (key === 'm') open(row, 'comments');
        else if (key === 'a') open(row, 'answer');
        else return false;
        return true;
      }}
      tall
      empty={{ title: t(`tasks-none-${view}`), text: t('tasks-none-text'), icon: <CircleCheckBig size={28} aria-hidden /> }}
      {...(height === undefined ? {} : { height })}
    />
  );
}

/** Nine in the morning, so many days from today: when people look again. */
function morning(days: number): string {
  const at = new Date();
  at.setDate(at.getDate() + days);
  at.setHours(9, 0, 0, 0);
  return at.toISOString();
}

/** Puts a task out of the inbox for a while, at this desk alone. */
function Snooze({ row, onSnooze }: { row: TaskRow; onSnooze: (until?: string) => void }) {
  const { t } = useWords();
  return (
    <Menu position="bottom-end" shadow="sm">
      <Menu.Target>
        <ActionIcon variant="subtle" size="sm" color="gray" tabIndex={-1} aria-label={t('snooze-of', { name: row.name })}>
          <AlarmClock size={14} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {row.snoozed_until !== null && <Menu.Item onClick={() => onSnooze()}>{t('snooze-back')}</Menu.Item>}
        <Menu.Item onClick={() => onSnooze(morning(1))}>{t('snooze-tomorrow')}</Menu.Item>
        <Menu.Item onClick={() => onSnooze(morning(3))}>{t('snooze-days')}</Menu.Item>
        <Menu.Item onClick={() => onSnooze(morning(7))}>{t('snooze-week')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Whom a candidate of a task means: `role validator` in the words of the roles, anybody else by name. */
export function candidate(text: string, { known }: Words): string {
  return text.startsWith('role ') ? known('role', text.slice('role '.length)) : text;
}

/** Who has it, or why I may not. */
export function TaskState({ row }: { row: TaskRow }) {
  const { t } = useWords();
  if (row.assignee) return <Badge tone="accent">{t('task-held', { who: row.assignee })}</Badge>;
  if (row.may_claim) return <Badge tone="good">{t('task-free')}</Badge>;
  return (
    <span title={row.may_not_because ?? undefined}>
      <Badge>{t('task-not-mine')}</Badge>
    </span>
  );
}

/** How many of the persons that an approval asks for have signed, and who; nothing where one suffices. */
export function Signatures({ row }: { row: TaskRow }) {
  const { t } = useWords();
  if (row.signatures_needed < 2) return null;
  const n = row.signed_by.length;
  return <Badge>{n === 0 ? t('signatures-none-of', { of: row.signatures_needed }) : t('signatures-of', { n, of: row.signatures_needed, who: row.signed_by.join(', ') })}</Badge>;
}

/** Claims a task; a refusal is shown where the eye is, in its own words. */
function useClaim(): (row: TaskRow) => void {
  const { t } = useWords();
  const claim = useWrite('workflow.claim');
  return (row) =>
    claim.mutate(
      { task: row.id },
      {
        onSuccess: () => notifications.show({ message: t('task-claimed', { name: row.name }), color: 'accent' }),
        onError: (failure) => notifications.show({ title: failure.message, message: failure.hint ?? '', color: 'red' }),
      },
    );
}
