import { SegmentedControl } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Play } from 'lucide-react';

import type { RunRow } from '../../api/bindings/RunRow';
import type { Request } from '../../api/call';
import { useRead, useRows } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Grid, type GridColumn } from '../../parts/grid';
import { Ago } from '../../parts/moment';
import { Page, Section } from '../../parts/page';
import { useWords } from '../../words/words';
import { RunState } from './states';

const STATES = ['live', 'succeeded', 'failed', 'cancelled'];

/** Everything that was run, and where runs can go. */
export function Runs({ state }: { state: string | undefined }) {
  const { t } = useWords();
  const navigate = useNavigate();
  return (
    <Page
      title={t('nav-runs')}
      fills
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('col-state')}
          value={state ?? 'any'}
          onChange={(value) => void navigate({ to: '/runs', search: { state: value === 'any' ? undefined : value }, replace: true })}
          data={[{ value: 'any', label: t('any') }, ...STATES.map((value) => ({ value, label: t(`runs-${value}`) }))]}
        />
      }
    >
      <Targets />
      <RunList {...(state === undefined ? {} : { state })} />
    </Page>
  );
}

/** A list of runs, of one project or of all. */
export function RunList({ project, state, height }: { project?: string; state?: string; height?: number }) {
  const { t, known, duration } = useWords();
  const navigate = useNavigate();
  const request: Request<'runs.list'> = { ...(project === undefined ? {} : { project }), ...(state === undefined ? {} : { state }) };
  const list = useRows('runs.list', request);
  const columns: GridColumn<RunRow>[] = [
    {
      key: 'kind',
      name: t('col-run'),
      width: '1fr',
      cell: (row) => (
        <Link to="/runs/$run" params={{ run: row.id }} tabIndex={-1}>
          {known('run-kind', row.kind)}
        </Link>
      ),
    },
    { key: 'version', name: t('col-about'), width: '1.4fr', cell: (row) => row.version_label },
    ...(project === undefined ? [{ key: 'project', name: t('col-project'), width: '1.2fr', cell: (row: RunRow) => row.project_name }] : []),
    {
      key: 'state',
      name: t('col-state'),
      width: '1.6fr',
      cell: (row) => (
        <span className="line">
          <RunState state={row.state} />
          {row.reason && (
            <span className="cut dim small">
              <Ticks text={row.reason} />
            </span>
          )}
        </span>
      ),
    },
    { key: 'target', name: t('col-target'), width: '1fr', cell: (row) => row.target },
    { key: 'duration', name: t('col-duration'), width: '90px', numeric: true, cell: (row) => duration(row.duration_s) },
    { key: 'at', name: t('col-requested'), width: '130px', cell: (row) => <Ago at={row.requested_at} /> },
  ];
  return (
    <Grid
      label={t('nav-runs')}
      columns={columns}
      rows={list.rows}
      total={list.total}
      loading={list.loading}
      error={list.error}
      again={list.again}
      more={list.more}
      rowKey={(row) => row.id}
      onOpen={(row) => void navigate({ to: '/runs/$run', params: { run: row.id } })}
      empty={{ title: t('runs-none'), text: t('runs-none-text'), icon: <Play size={28} aria-hidden /> }}
      {...(height === undefined ? {} : { height })}
    />
  );
}

/** Where runs can go from here, and what is missing where they cannot. */
function Targets() {
  const { t } = useWords();
  const read = useRead('runs.targets', {});
  if (read.error) return <FailureAdvice thrown={read.error} again={() => void read.refetch()} />;
  const targets = read.data ?? [];
  if (targets.length === 0) return null;
  return (
    <Section title={t('targets')}>
      <div className="stack-tight">
        {targets.map((target) =>
          target.ready ? (
            <div key={target.name} className="line-wrap">
              <code>{target.name}</code>
              <Badge tone="good">{t('target-ready')}</Badge>
              <span className="dim">{target.description}</span>
            </div>
          ) : (
            <Advice key={target.name} tone="warn" title={target.description}>
              <code>{target.name}</code>{' '}
              <Ticks text={target.detail} />
            </Advice>
          ),
        )}
      </div>
    </Section>
  );
}

/** Runs that want somebody's eyes: those under way, and those that failed. */
export function RunsToSee() {
  const { t, known } = useWords();
  const live = useRows('runs.list', { state: 'live' }, { limit: 5 });
  const failed = useRows('runs.list', { state: 'failed' }, { limit: 5 });
  const rows = [...live.rows, ...failed.rows];
  return (
    <Section title={t('inbox-runs')} aside={<Link to="/runs">{t('see-all')}</Link>}>
      {rows.length === 0 ? (
        <p className="dim">{t('inbox-runs-none')}</p>
      ) : (
        <ul className="stack-tight" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          {rows.map((row) => (
            <li key={row.id} className="stack-tight" style={{ gap: 1 }}>
              <span className="spread">
                <Link className="cut" to="/runs/$run" params={{ run: row.id }}>
                  {known('run-kind', row.kind)} · {row.version_label}
                </Link>
                <RunState state={row.state} />
              </span>
              <span className="small dim cut">{row.reason ? <Ticks text={row.reason} /> : <Ago at={row.requested_at} />}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
