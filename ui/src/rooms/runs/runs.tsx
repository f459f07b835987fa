import { Button, SegmentedControl, Select } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { FlaskConical, Play, Plus } from 'lucide-react';

import type { RunRow } from '../../api/bindings/RunRow';
import type { Request } from '../../api/call';
import { useRead, useRows } from '../../api/query';
import { Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Grid, type GridColumn } from '../../parts/grid';
import { Ago } from '../../parts/moment';
import { Page, Section } from '../../parts/page';
import { Price } from '../../parts/price';
import { useWords } from '../../words/words';
import { RunState } from './states';
import { KINDS } from './submit';
import { RunsTabs } from './tabs';

/** States a list of runs is kept to. */
export const RUN_STATES = ['live', 'succeeded', 'failed', 'cancelled', 'unclean'] as const;

/** What the address carries: a filter is a link. */
export interface RunsSearch {
  state?: string | undefined;
  kind?: string | undefined;
  target?: string | undefined;
}

/** Everything that was run. */
export function Runs({ search }: { search: RunsSearch }) {
  const { t, known } = useWords();
  const navigate = useNavigate();
  const targets = useRead('runs.targets', {});
  const set = (part: RunsSearch) => void navigate({ to: '/runs', search: { ...search, ...part }, replace: true });
  return (
    <Page
      title={t('nav-runs')}
      fills
      actions={
        <Button renderRoot={(root) => <Link to="/submit" {...root} />} variant="filled" leftSection={<Plus size={14} aria-hidden />}>
          {t('submit-title')}
        </Button>
      }
    >
      <RunsTabs />
      <div className="line-wrap">
        <SegmentedControl
          size="xs"
          aria-label={t('col-state')}
          value={search.state ?? 'any'}
          onChange={(value) => set({ state: value === 'any' ? undefined : value })}
          data={[{ value: 'any', label: t('any') }, ...RUN_STATES.map((value) => ({ value, label: t(`runs-${value}`) }))]}
        />
        <Select
          w={170}
          aria-label={t('col-kind')}
          value={search.kind ?? ''}
          onChange={(value) => set({ kind: value || undefined })}
          data={[{ value: '', label: t('runs-any-kind') }, ...KINDS.map((value) => ({ value, label: known('run-kind', value) }))]}
        />
        <Select
          w={210}
          aria-label={t('col-target')}
          value={search.target ?? ''}
          onChange={(value) => set({ target: value || undefined })}
          data={[{ value: '', label: t('runs-any-target') }, ...(targets.data ?? []).map((one) => ({ value: one.name, label: known('built-in', one.name) }))]}
        />
      </div>
      <RunList {...search} />
    </Page>
  );
}

/** A list of runs, of one project or of all. */
export function RunList({ project, state, kind, target, height }: { project?: string; state?: string | undefined; kind?: string | undefined; target?: string | undefined; height?: number }) {
  const { t, known, duration } = useWords();
  const navigate = useNavigate();
  const request: Request<'runs.list'> = {
    ...(project === undefined ? {} : { project }),
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
    ...(target === undefined ? {} : { target }),
    page: {},
  };
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
          {row.rehearsal && (
            <Badge icon={<FlaskConical aria-hidden />}>{t('run-rehearsal')}</Badge>
          )}
          {!row.closed && row.ended_at !== null && <Badge tone="bad">{t('run-unclean')}</Badge>}
          {row.reason && (
            <span className="cut dim small">
              <Ticks text={row.reason} />
            </span>
          )}
        </span>
      ),
    },
    { key: 'target', name: t('col-target'), width: '1fr', cell: (row) => known('built-in', row.target) },
    { key: 'cost', name: t('cost'), width: '90px', numeric: true, cell: (row) => <Price of={row.cost ?? row.estimate} /> },
    { key: 'duration', name: t('col-duration'), width: '90px', numeric: true, cell: (row) => duration(row.duration_s) },
    { key: 'at', name: t('col-requested'), width: '130px', cell: (row) => <Ago at={row.requested_at} /> },
  ];
  return (
    <Grid
      label={t('nav-runs')}
      columns={columns}
      {...list}
      rowKey={(row) => row.id}
      onOpen={(row) => void navigate({ to: '/runs/$run', params: { run: row.id } })}
      empty={{ title: t('runs-none'), text: t('runs-none-text'), icon: <Play size={28} aria-hidden /> }}
      {...(height === undefined ? {} : { height })}
    />
  );
}

/** The address of a run's page, as notices link to it. */
const RUN_LINK = /^\/runs\/([0-9A-Za-z]+)$/;
/** Rows of one kind that are shown at the most. */
const TO_SEE = 5;

/** Runs that want this person's eyes: what left something behind, what failed and was not seen yet, and what is under way. */
export function RunsToSee() {
  const { t, known } = useWords();
  const unclean = useRows('runs.list', { state: 'unclean' }, { limit: TO_SEE });
  const failed = useRows('runs.list', { state: 'failed' }, { limit: 100 });
  const live = useRows('runs.list', { state: 'live' }, { limit: TO_SEE });
  const unread = useRows('notices.list', { unread: true }, { limit: 200 });
  // Whoever is told of a run has not seen it before the notice is read.
  const untold = new Set(unread.rows.flatMap((notice) => RUN_LINK.exec(notice.link ?? '')?.[1] ?? []));
  const unseen = failed.rows.filter((row) => untold.has(row.id)).slice(0, TO_SEE);
  const rows = [...new Map([...unclean.rows, ...unseen, ...live.rows].map((row) => [row.id, row])).values()];
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
                <span className="line">
                  <RunState state={row.state} />
                  {!row.closed && row.ended_at !== null && <Badge tone="bad">{t('run-unclean')}</Badge>}
                </span>
              </span>
              <span className="small dim cut">{row.reason ? <Ticks text={row.reason} /> : <Ago at={row.requested_at} />}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
