import { Button, SegmentedControl, Tabs } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Activity, BellRing, FileChartLine } from 'lucide-react';

import type { AlertRow } from '../../api/bindings/AlertRow';
import type { MonitorRow } from '../../api/bindings/MonitorRow';
import type { PortfolioRow } from '../../api/bindings/PortfolioRow';
import type { ReportRow } from '../../api/bindings/ReportRow';
import type { Request } from '../../api/call';
import { useRead, useRows } from '../../api/query';
import { Empty, FailureAdvice } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Defined } from '../../parts/definition';
import { Grid, type GridColumn } from '../../parts/grid';
import { Ago } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Spark } from '../../parts/spark';
import { Table } from '../../parts/table';
import { useWords, type Words } from '../../words/words';
import { Health, HEALTHS, Level, Recommended } from './health';
import classes from './monitoring.module.css';

export const MONITORING_TABS = ['portfolio', 'monitors', 'alerts', 'reports'] as const;
export type MonitoringTab = (typeof MONITORING_TABS)[number];
const ALERT_STATES = ['open', 'settled', 'all'] as const;

export interface MonitoringSearch {
  tab?: MonitoringTab | undefined;
  state?: string | undefined;
}

/** Everything that is watched: models by health, monitors, alerts and reports. */
export function Monitoring({ search }: { search: MonitoringSearch }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const tab = search.tab ?? 'portfolio';
  const open = useRows('monitoring.alerts', { state: 'open' }, { limit: 1 });
  return (
    <Page
      title={t('nav-monitoring')}
      fills={tab !== 'portfolio'}
      actions={
        <Button variant="filled" onClick={() => void navigate({ to: '/monitoring/new' })}>
          {t('monitor-define')}
        </Button>
      }
    >
      <Tabs value={tab} onChange={(value) => void navigate({ to: '/monitoring', search: { tab: MONITORING_TABS.find((one) => one === value) }, replace: true })}>
        <Tabs.List>
          <Tabs.Tab value="portfolio">{t('monitoring-portfolio')}</Tabs.Tab>
          <Tabs.Tab value="monitors">{t('monitoring-monitors')}</Tabs.Tab>
          <Tabs.Tab value="alerts" rightSection={open.total > 0 ? <Badge tone="bad">{open.total}</Badge> : null}>
            {t('monitoring-alerts')}
          </Tabs.Tab>
          <Tabs.Tab value="reports">{t('monitoring-reports')}</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      {tab === 'portfolio' && <PortfolioOfModels />}
      {tab === 'monitors' && <MonitorList />}
      {tab === 'alerts' && (
        <>
          <div>
            <SegmentedControl
              size="xs"
              aria-label={t('col-state')}
              value={ALERT_STATES.find((one) => one === search.state) ?? 'open'}
              onChange={(value) => void navigate({ to: '/monitoring', search: { tab: 'alerts', state: value }, replace: true })}
              data={ALERT_STATES.map((value) => ({ value, label: t(`alerts-${value}`) }))}
            />
          </div>
          <AlertList request={{ state: search.state ?? 'open' }} />
        </>
      )}
      {tab === 'reports' && <ReportList request={{}} />}
    </Page>
  );
}

/** Models by health, worst first; what nobody watches is there too. */
function PortfolioOfModels() {
  const { t, known, number } = useWords();
  const read = useRead('monitoring.portfolio', {});
  if (read.error) return <FailureAdvice thrown={read.error} again={() => void read.refetch()} />;
  if (!read.data) return <PageLoading />;
  const { rows, counts } = read.data;
  return (
    <>
      <ul className={classes.counts} aria-label={t('monitoring-by-health')}>
        {HEALTHS.filter((health) => (counts[health] ?? 0) > 0).map((health) => (
          <li key={health} data-health={health}>
            <strong className="num">{counts[health]}</strong>
            <span>{known('health', health)}</span>
          </li>
        ))}
      </ul>
      <Section flush>
        <Table
          label={t('monitoring-portfolio')}
          rows={rows}
          rowKey={(row) => row.version}
          empty={<Empty icon={<Activity size={28} aria-hidden />} title={t('portfolio-empty')}>{t('portfolio-empty-text')}</Empty>}
          columns={[
            {
              name: t('col-model'),
              header: true,
              cell: (row: PortfolioRow) => (
                <Link to="/versions/$version" params={{ version: row.version }} search={{ tab: 'monitoring' }}>
                  {row.version_label}
                </Link>
              ),
            },
            { name: t('col-project'), cell: (row) => row.project_name },
            { name: t('col-role'), cell: (row) => known('place', row.role) },
            {
              name: t('col-health'),
              cell: (row) => (
                <span className="line-wrap">
                  <Health of={row.health} />
                  {row.monitor?.overdue && <Badge tone="warn">{t('monitor-overdue')}</Badge>}
                </span>
              ),
            },
            {
              name: t('col-monitor'),
              cell: (row) =>
                row.monitor ? (
                  <Link to="/monitoring/$monitor" params={{ monitor: row.monitor.id }}>
                    {row.monitor.name}
                  </Link>
                ) : (
                  <Link to="/monitoring/new" search={{ version: row.version }}>
                    {t('monitor-define')}
                  </Link>
                ),
            },
            { name: t('col-course'), head: <Defined title={t('col-course')} definition={t('col-course-means')} />, cell: (row) => (row.monitor ? <Course of={row.monitor} /> : null) },
            { name: t('metric-list'), head: <Defined title={t('metric-list')} definition={t('metric-list-means')} />, numeric: true, cell: (row) => <Headline of={row.monitor} /> },
            { name: t('col-score-psi'), head: <Defined title={t('col-score-psi')} definition={t('col-score-psi-means')} />, numeric: true, cell: (row) => valueOf(row.monitor, 'score_psi', number, t) },
            { name: t('col-alerts'), head: <Defined title={t('col-alerts')} definition={t('col-alerts-means')} />, numeric: true, cell: (row) => row.monitor?.open_alerts ?? 0 },
            { name: t('col-recommended'), cell: (row) => (row.monitor?.recommendation ? <Recommended action={row.monitor.recommendation} /> : null) },
          ]}
        />
      </Section>
    </>
  );
}

/** What the number that stands for a model is called, in every language. */
const MEASURES: Record<string, string> = { gini: 'Gini', r2: 'R²', ase: 'ASE' };

/** The number that stands for a model, and of which period it is where that is not the latest. */
export function Headline({ of }: { of: MonitorRow | null }) {
  const { t, number } = useWords();
  const value = of?.metric ? of.numbers[of.metric] : undefined;
  if (!of?.metric || value === undefined) return <span className="dim">{t('no-value')}</span>;
  return (
    <span className={classes.whole}>
      <span className="dim small">{MEASURES[of.metric] ?? of.metric}</span> {number(value, 3)}
      {of.provisional ? <span className="dim small"> ({t('provisional')})</span> : of.judged !== of.period && <span className="dim small"> ({of.judged})</span>}
    </span>
  );
}

/** Its course over the periods whose outcomes are in. */
function Course({ of }: { of: MonitorRow }) {
  return <Spark name={MEASURES[of.metric ?? 'gini'] ?? ''} values={of.course} />;
}

function valueOf(monitor: MonitorRow | null, name: string, number: Words['number'], t: Words['t']) {
  const value = monitor?.numbers[name];
  return value === undefined ? <span className="dim">{t('no-value')}</span> : number(value, 3);
}

/** A list of monitors, of a project, of a version, or of all. */
export function MonitorList({ project, version, height }: { project?: string; version?: string; height?: number }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const list = useRows('monitoring.list', { ...(project === undefined ? {} : { project }), ...(version === undefined ? {} : { version }), page: { sort: 'name' } });
  const columns: GridColumn<MonitorRow>[] = [
    {
      key: 'name',
      name: t('col-monitor'),
      width: '1.3fr',
      cell: (row) => (
        <Link to="/monitoring/$monitor" params={{ monitor: row.id }} tabIndex={-1}>
          {row.name}
        </Link>
      ),
    },
    ...(version === undefined ? [{ key: 'version', name: t('col-model'), width: '1.2fr', cell: (row: MonitorRow) => row.version_label }] : []),
    ...(project === undefined && version === undefined ? [{ key: 'project', name: t('col-project'), width: '1fr', cell: (row: MonitorRow) => row.project_name }] : []),
    { key: 'health', name: t('col-health'), width: '116px', cell: (row) => <Health of={row.health} /> },
    { key: 'course', name: t('col-course'), head: <Defined title={t('col-course')} definition={t('col-course-means')} />, width: '110px', cell: (row) => <Course of={row} /> },
    { key: 'metric', name: t('metric-list'), head: <Defined title={t('metric-list')} definition={t('metric-list-means')} />, width: '130px', numeric: true, cell: (row) => <Headline of={row} /> },
    { key: 'alerts', name: t('col-alerts'), head: <Defined title={t('col-alerts')} definition={t('col-alerts-means')} />, width: '80px', numeric: true, cell: (row) => row.open_alerts },
    { key: 'period', name: t('col-period'), width: '90px', cell: (row) => row.period ?? '' },
    { key: 'due', name: t('col-next'), width: '112px', cell: (row) => (row.overdue ? <Badge tone="warn">{t('monitor-overdue')}</Badge> : row.due_at ? <Ago at={row.due_at} /> : <span className="dim">{t('monitor-on-data')}</span>) },
    { key: 'owner', name: t('col-owner'), width: '90px', cell: (row) => row.owner },
  ];
  return (
    <Grid
      label={t('monitoring-monitors')}
      columns={columns}
      {...list}
      rowKey={(row) => row.id}
      onOpen={(row) => void navigate({ to: '/monitoring/$monitor', params: { monitor: row.id } })}
      empty={{
        title: t('monitors-empty'),
        text: t('monitors-empty-text'),
        icon: <Activity size={28} aria-hidden />,
        actions: (
          <Button variant="filled" onClick={() => void navigate({ to: '/monitoring/new', search: version === undefined ? {} : { version } })}>
            {t('monitor-define')}
          </Button>
        ),
      }}
      {...(height === undefined ? {} : { height })}
    />
  );
}

/** A list of alerts; a row opens the report in which the rule fired. */
export function AlertList({ request, height }: { request: Request<'monitoring.alerts'>; height?: number }) {
  const { t, number, known } = useWords();
  const navigate = useNavigate();
  const list = useRows('monitoring.alerts', request);
  const columns: GridColumn<AlertRow>[] = [
    { key: 'level', name: t('col-level'), width: '110px', cell: (row) => <Level of={row.level} /> },
    {
      key: 'monitor',
      name: t('col-monitor'),
      width: '1.2fr',
      cell: (row) => (
        <Link to="/monitoring/$monitor" params={{ monitor: row.monitor }} tabIndex={-1}>
          {row.monitor_name}
        </Link>
      ),
    },
    { key: 'version', name: t('col-model'), width: '1.1fr', cell: (row) => row.version_label },
    { key: 'period', name: t('col-period'), width: '100px', cell: (row) => row.period },
    {
      key: 'rule',
      name: t('col-rule'),
      width: '1.6fr',
      cell: (row) => (
        <span className="cut">
          <code>{row.rule}</code> <span className="dim small num">{Object.entries(row.values).map(([name, value]) => `${name} ${number(value ?? 0, 3)}`).join(', ')}</span>
        </span>
      ),
    },
    { key: 'state', name: t('col-state'), width: '1fr', cell: (row) => (row.state === 'open' ? t('alert-waits') : <span title={row.reason ?? ''}>{row.answer ? known('answer', row.answer) : t('alert-settled')}</span>) },
    { key: 'at', name: t('col-raised'), width: '130px', cell: (row) => <Ago at={row.raised_at} /> },
  ];
  return (
    <Grid
      label={t('monitoring-alerts')}
      columns={columns}
      {...list}
      rowKey={(row) => row.id}
      onOpen={(row) => void navigate({ to: '/reports/$report', params: { report: row.report }, search: { period: row.period } })}
      empty={{ title: t('alerts-empty'), text: t('alerts-empty-text'), icon: <BellRing size={28} aria-hidden /> }}
      {...(height === undefined ? {} : { height })}
    />
  );
}

/** A list of reports, latest first. */
export function ReportList({ request, height }: { request: Request<'monitoring.reports'>; height?: number }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const list = useRows('monitoring.reports', request);
  const columns: GridColumn<ReportRow>[] = [
    {
      key: 'periods',
      name: t('col-periods'),
      width: '1.3fr',
      cell: (row) => (
        <Link to="/reports/$report" params={{ report: row.id }} tabIndex={-1}>
          {row.periods}
        </Link>
      ),
    },
    { key: 'monitor', name: t('col-monitor'), width: '1.2fr', cell: (row) => row.monitor_name },
    { key: 'version', name: t('col-model'), width: '1.2fr', cell: (row) => row.version_label },
    { key: 'recommended', name: t('col-recommended'), width: '150px', cell: (row) => <Recommended action={row.recommendation} /> },
    { key: 'alerts', name: t('col-alerts'), width: '80px', numeric: true, cell: (row) => row.alerts },
    { key: 'by', name: t('col-by'), width: '110px', cell: (row) => row.recorded_by },
    { key: 'at', name: t('col-recorded'), width: '130px', cell: (row) => <Ago at={row.recorded_at} /> },
  ];
  return (
    <Grid
      label={t('monitoring-reports')}
      columns={columns}
      {...list}
      rowKey={(row) => row.id}
      onOpen={(row) => void navigate({ to: '/reports/$report', params: { report: row.id } })}
      empty={{ title: t('reports-empty'), text: t('reports-empty-text'), icon: <FileChartLine size={28} aria-hidden /> }}
      {...(height === undefined ? {} : { height })}
    />
  );
}
