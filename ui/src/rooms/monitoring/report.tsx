import { Button, Menu, MultiSelect, Select, Tabs } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useState } from 'react';

import type { DriftRead } from '../../api/bindings/DriftRead';
import type { MetricRead } from '../../api/bindings/MetricRead';
import type { ReportReading } from '../../api/bindings/ReportReading';
import type { Term } from '../../api/bindings/Term';
import type { VariableRead } from '../../api/bindings/VariableRead';
import { reading, useRead, useRows } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Defined } from '../../parts/definition';
import { Digest } from '../../parts/digest';
import { Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { Spark } from '../../parts/spark';
import { Table, type TableColumn } from '../../parts/table';
import { useWords, type Words } from '../../words/words';
import { Chart } from './chart';
import { ExportDialog } from './export';
import { Level, Recommended } from './health';
import classes from './monitoring.module.css';

export const REPORT_TABS = ['overview', 'performance', 'drift', 'decay', 'data'] as const;
export type ReportTab = (typeof REPORT_TABS)[number];

export interface ReportSearch {
  tab?: ReportTab | undefined;
  period?: string | undefined;
  /** Reports of other versions laid over this one, by identifier. */
  with?: string | undefined;
}

/** Metrics of the overview, in the order they are read. */
const FIRST = ['gini', 'ks', 'c', 'lift10', 'score_psi', 'r2', 'ase', 'mae', 'rase', 'bias'];
/** Numbers of the overview. */
const NUMBERS_SHOWN = 6;
/** Inputs whose distribution is drawn without being asked for. */
const DISTRIBUTIONS = 4;
/** Lines of a heatmap are so high, in pixels. */
const LINE_PX = 22;

/** One report: what it recommends and why, then the numbers, the figures, the inputs that moved, and where it came from. */
export function Report({ id, search }: { id: string; search: ReportSearch }) {
  const { t, language } = useWords();
  const navigate = useNavigate();
  const read = useRead('monitoring.reading', { report: id, language });
  const [exporting, setExporting] = useState<'html' | 'csv' | 'parquet' | null>(null);
  if (read.error) {
    return (
      <Page title={t('report')}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  if (!read.data) return <PageLoading />;
  const shown = read.data;
  const tab = search.tab ?? 'overview';
  const chosen = shown.periods.findIndex((one) => one.label === search.period);
  const at = chosen >= 0 ? chosen : shown.now;
  const go = (change: ReportSearch) => void navigate({ to: '/reports/$report', params: { report: id }, search: { ...search, ...change }, replace: true });
  return (
    <Page
      title={t('report-title', { model: shown.row.version_label, periods: shown.row.periods })}
      badges={<Recommended action={shown.recommendation} />}
      crumbs={[
        <Link to="/monitoring">{t('nav-monitoring')}</Link>,
        <Link to="/monitoring/$monitor" params={{ monitor: shown.row.monitor }}>
          {shown.row.monitor_name}
        </Link>,
      ]}
      lead={
        <>
          {t('report-lead', { baseline: shown.row.baseline, by: shown.row.recorded_by })} <Moment at={shown.row.recorded_at} />
        </>
      }
      actions={
        <>
          <Select
            aria-label={t('report-period')}
            w={160}
            value={shown.periods[at]?.label ?? null}
            onChange={(value) => go({ period: value ?? undefined })}
            data={shown.periods.map((one) => ({ value: one.label, label: one.provisional ? t('report-period-provisional', { label: one.label }) : one.label }))}
          />
          <CompareWith shown={shown} chosen={search.with} onChosen={(value) => go({ with: value })} />
          <Menu position="bottom-end" shadow="sm">
            <Menu.Target>
              <Button leftSection={<Download size={14} aria-hidden />}>{t('export')}</Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setExporting('html')}>{t('export-html')}</Menu.Item>
              <Menu.Item onClick={() => setExporting('csv')}>{t('export-csv')}</Menu.Item>
              <Menu.Item onClick={() => setExporting('parquet')}>{t('export-parquet')}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Link to="/versions/$version" params={{ version: shown.row.version }}>
            {t('report-to-version')}
          </Link>
        </>
      }
    >
      <Tabs value={tab} onChange={(value) => go({ tab: REPORT_TABS.find((one) => one === value) })}>
        <Tabs.List>
          {REPORT_TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`report-tab-${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {tab === 'overview' && <Overview shown={shown} at={at} others={search.with} />}
      {tab === 'performance' && <PerformanceOf shown={shown} at={at} others={search.with} />}
      {tab === 'drift' && <DriftOf shown={shown} at={at} />}
      {tab === 'decay' && <DecayOf shown={shown} others={search.with} />}
      {tab === 'data' && <DataOf shown={shown} />}
      <ExportDialog report={id} format={exporting} onClose={() => setExporting(null)} />
    </Page>
  );
}

/** Latest reports of the project's other monitors, to be laid over this one. */
function CompareWith({ shown, chosen, onChosen }: { shown: ReportReading; chosen: string | undefined; onChosen: (value: string | undefined) => void }) {
  const { t } = useWords();
  const version = useRead('registry.show_version', { version: shown.row.version });
  const project = version.data?.model.project;
  const monitors = useRows('monitoring.list', { ...(project === undefined ? {} : { project }), page: { sort: 'name' } }, { enabled: project !== undefined });
  const others = monitors.rows.filter((one) => one.latest !== null && one.id !== shown.row.monitor);
  if (others.length === 0) return null;
  return (
    <MultiSelect
      size="xs"
      w={220}
      aria-label={t('report-compare')}
      placeholder={chosen ? '' : t('report-compare')}
      maxValues={3}
      value={chosen ? chosen.split(',') : []}
      onChange={(values) => onChosen(values.length > 0 ? values.join(',') : undefined)}
      data={others.map((one) => ({ value: one.latest ?? '', label: one.version_label }))}
    />
  );
}

function figureHeight(lines: number): number {
  return Math.max(160, Math.min(900, lines * LINE_PX + 60));
}

/** The course of a number that can be chosen, with its threshold and forecast, and that of other versions beside it. */
function TrendOf({ shown, others }: { shown: ReportReading; others: string | undefined }) {
  const { t } = useWords();
  const [metric, setMetric] = useState<string | null>(null);
  return (
    <Section>
      <Chart
        of={{ report: shown.row.id, kind: 'trend', metric: metric ?? undefined, with: others ? others.split(',') : undefined }}
        title={t('report-figure-trend')}
        height={300}
        aside={
          <Select
            size="xs"
            w={180}
            searchable
            aria-label={t('report-figure-trend-of')}
            value={metric ?? shown.trends[0]?.name ?? null}
            onChange={setMetric}
            data={shown.trends.map((term) => ({ value: term.name, label: term.title }))}
          />
        }
      />
    </Section>
  );
}

function Overview({ shown, at, others }: { shown: ReportReading; at: number; others: string | undefined }) {
  const { t } = useWords();
  const report = shown.row.id;
  const first = FIRST.flatMap((name) => shown.metrics.find((one) => one.term.name === name) ?? []).slice(0, NUMBERS_SHOWN);
  const fired = shown.alerts.filter((alert) => alert.period === shown.periods[at]?.label);
  return (
    <>
      <Recommendation shown={shown} />
      <dl className={classes.numbers} aria-label={t('report-numbers')}>
        {first.map((metric) => (
          <OneNumber key={metric.term.name} metric={metric} at={at} />
        ))}
      </dl>
      {shown.figures.includes('trend') && <TrendOf shown={shown} others={others} />}
      <div className="halves">
        {shown.figures.includes('heatmap') && (
          <Section>
            <Chart of={{ report, kind: 'heatmap' }} title={t('report-figure-heatmap')} height={figureHeight(Math.min(shown.variables.length, 16))} />
          </Section>
        )}
        <Section title={t('report-fired', { period: shown.periods[at]?.label ?? '' })}>
          <FiredRules fired={fired} />
        </Section>
      </div>
      <Section title={t('report-metrics')} flush>
        <MetricTable shown={shown} />
      </Section>
    </>
  );
}

function Recommendation({ shown }: { shown: ReportReading }) {
  const { known } = useWords();
  const tone = shown.recommendation === 'keep' ? 'good' : shown.recommendation === 'unknown' ? 'info' : shown.recommendation === 'watch' ? 'warn' : 'bad';
  return (
    <Advice tone={tone} title={known('recommended-long', shown.recommendation)}>
      <ul className={classes.reasons}>
        {shown.reasons.map((reason) => (
          <li key={reason}>
            <Ticks text={reason} />
          </li>
        ))}
      </ul>
    </Advice>
  );
}

function OneNumber({ metric, at }: { metric: MetricRead; at: number }) {
  const { t, number } = useWords();
  const value = metric.values[at] ?? null;
  const baseline = metric.baseline;
  const loss = value !== null && baseline !== null && baseline !== 0 && metric.better !== 'neither' ? ((value - baseline) / Math.abs(baseline)) * (metric.better === 'higher' ? -1 : 1) : null;
  return (
    <div className={classes.number}>
      <dt>
        <Defined title={metric.term.title} definition={metric.term.definition} />
      </dt>
      <dd>
        <strong>{value === null ? t('no-value') : number(value, metric.decimals)}</strong>
        <Spark name={metric.term.title} values={metric.values} />
        <small data-worse={loss !== null && loss > 0.1}>
          {baseline === null || value === null
            ? (metric.undefined[at] ?? (metric.term.name === 'score_psi' && value !== null ? t(value >= 0.25 ? 'psi-far' : value > 0.1 ? 'psi-moved' : 'psi-stable') : t('report-no-baseline')))
            : t(loss === null ? 'report-against' : loss > 0 ? 'report-worse' : 'report-better', { baseline: number(baseline, metric.decimals), share: number(Math.abs(loss ?? 0) * 100, 1) })}
        </small>
      </dd>
    </div>
  );
}

function FiredRules({ fired }: { fired: ReportReading['alerts'] }) {
  const { t, number } = useWords();
  if (fired.length === 0) return <p className="dim">{t('report-nothing-fired')}</p>;
  return (
    <ul className="stack-tight" style={{ margin: 0, padding: 0, listStyle: 'none' }}>
      {fired.map((alert) => (
        <li key={alert.rule} className="line-wrap">
          <Level of={alert.level} />
          <code>{alert.rule}</code>
          <span className="dim small num line-wrap">
            {alert.values.map(({ term, value }) => (
              <span key={term.name}>
                <Defined title={term.title} definition={term.definition} /> {value === null ? t('no-value') : number(value, 4)}
              </span>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}

function MetricTable({ shown }: { shown: ReportReading }) {
  const { t, number } = useWords();
  const columns: TableColumn<MetricRead>[] = [
    { name: t('col-metric'), header: true, cell: (row) => <Defined title={row.term.title} definition={row.term.definition} /> },
    { name: t('report-baseline-of', { label: shown.row.baseline }), numeric: true, cell: (row) => (row.baseline === null ? t('no-value') : number(row.baseline, row.decimals)) },
    ...shown.periods.map((period, at) => ({
      name: period.provisional ? t('report-period-provisional', { label: period.label }) : period.label,
      numeric: true,
      cell: (row: MetricRead) => <MetricValue metric={row} at={at} />,
    })),
  ];
  return <Table label={t('report-metrics')} rows={shown.metrics} rowKey={(row) => row.term.name} columns={columns} />;
}

/** The numbers of this report's period beside those of other versions: of the period called the same, or of their latest. */
function Compared({ shown, at, others }: { shown: ReportReading; at: number; others: readonly string[] }) {
  const { t, language, number } = useWords();
  const read = useQueries({ queries: others.map((report) => reading('monitoring.reading', { report, language })) });
  const label = shown.periods[at]?.label;
  const beside = read.flatMap(({ data }) => {
    if (!data) return [];
    const same = data.periods.findIndex((period) => period.label === label);
    return [{ data, at: same >= 0 ? same : data.now }];
  });
  const failed = read.find((one) => one.error);
  const columns: TableColumn<MetricRead>[] = [
    { name: t('col-metric'), header: true, cell: (row) => <Defined title={row.term.title} definition={row.term.definition} /> },
    { name: [shown.row.version_label, label].join(', '), numeric: true, cell: (row) => <MetricValue metric={row} at={at} /> },
    ...beside.map((one) => ({
      name: [one.data.row.version_label, one.data.periods[one.at]?.label].join(', '),
      numeric: true,
      cell: (row: MetricRead) => {
        const theirs = one.data.metrics.find((metric) => metric.term.name === row.term.name);
        const [ours, value] = [row.values[at] ?? null, theirs?.values[one.at] ?? null];
        const better = ours !== null && value !== null && row.better !== 'neither' && (row.better === 'higher' ? value > ours : value < ours);
        if (!theirs || value === null) return theirs ? <MetricValue metric={theirs} at={one.at} /> : <span className="dim">{t('no-value')}</span>;
        return better ? <strong>{number(value, row.decimals)}</strong> : number(value, row.decimals);
      },
    })),
  ];
  return (
    <Section title={t('report-compared')} flush>
      {failed?.error && <FailureAdvice thrown={failed.error} />}
      <Table label={t('report-compared')} rows={shown.metrics} rowKey={(row) => row.term.name} columns={columns} />
      <p className={`dim small ${classes.note}`}>{t('report-compared-note')}</p>
    </Section>
  );
}

/** A metric's value in a period, or why there is none. */
function MetricValue({ metric, at }: { metric: MetricRead; at: number }) {
  const { number } = useWords();
  const value = metric.values[at];
  return value === null || value === undefined ? <Missing why={metric.undefined[at]} /> : <>{number(value, metric.decimals)}</>;
}

/** What has no value, with the reason where one is known. */
function Missing({ why }: { why: string | null | undefined }) {
  const { t } = useWords();
  return why ? <Defined title={t('no-value')} definition={why} /> : <span className="dim">{t('no-value')}</span>;
}

function PerformanceOf({ shown, at, others }: { shown: ReportReading; at: number; others: string | undefined }) {
  const { t } = useWords();
  const kinds = ['roc', 'lift', 'gain', 'ks', 'calibration', 'confusion', 'predicted'].filter((kind) => shown.figures.includes(kind));
  const period = shown.periods[at]?.label;
  const withOthers = others ? others.split(',') : undefined;
  return (
    <>
      {kinds.length === 0 && <Advice tone="info" title={t('report-no-performance')} />}
      <div className="halves">
        {kinds.map((kind) => {
          const overlaid = ['roc', 'lift', 'gain'].includes(kind);
          return (
            <Section key={kind}>
              <Chart
                of={{ report: shown.row.id, kind, period, ...(overlaid ? { baseline: true, with: withOthers } : {}) }}
                title={t('report-of-period', { what: t(`report-figure-${kind}`), period: period ?? '' })}
                height={300}
              />
            </Section>
          );
        })}
      </div>
      {withOthers && <Compared shown={shown} at={at} others={withOthers} />}
      {(shown.fairness[at] ?? []).map((fairness) => (
        <Section key={fairness.column} title={t('report-fairness', { column: fairness.column, period: period ?? '' })} flush>
          <GroupTable fairness={fairness} period={period ?? ''} />
          <ParityTable fairness={fairness} period={period ?? ''} />
        </Section>
      ))}
    </>
  );
}

type Fairness = ReportReading['fairness'][number][number];

function GroupTable({ fairness, period }: { fairness: Fairness; period: string }) {
  const { t, number } = useWords();
  const defined = (name: string, means: string) => ({ name: t(name), head: <Defined title={t(name)} definition={t(means)} /> });
  const share = (value: number | null) => (value === null ? <span className="dim">{t('no-value')}</span> : t('percent', { share: number(value * 100, 1) }));
  return (
    <Table
      label={t('report-fairness', { column: fairness.column, period })}
      rows={fairness.groups}
      rowKey={(row) => row.name}
      columns={[
        { name: t('col-group'), header: true, cell: (row) => row.name },
        { name: t('col-rows'), numeric: true, cell: (row) => number(row.rows, 0) },
        { ...defined('col-event-rate', 'col-event-rate-means'), numeric: true, cell: (row) => share(row.event_rate) },
        { ...defined('col-selected', 'col-selected-means'), numeric: true, cell: (row) => share(row.selection_rate) },
        { ...defined('col-tpr', 'col-tpr-means'), numeric: true, cell: (row) => share(row.tpr) },
        { ...defined('col-fpr', 'col-fpr-means'), numeric: true, cell: (row) => share(row.fpr) },
        { name: 'AUC', head: <Defined title="AUC" definition={t('col-auc-means')} />, numeric: true, cell: (row) => (row.auc === null ? t('no-value') : number(row.auc, 4)) },
      ]}
    />
  );
}

/** How far the groups are apart: the greatest difference, the smallest ratio, and why there is none. */
function ParityTable({ fairness, period }: { fairness: Fairness; period: string }) {
  const { t, number } = useWords();
  const value = (of: number | null) => (of === null ? <span className="dim">{t('no-value')}</span> : number(of, 4));
  return (
    <>
      <Table
        label={t('report-parities', { column: fairness.column, period })}
        rows={fairness.parities}
        rowKey={(row) => row.term.name}
        columns={[
          { name: t('col-parity'), header: true, cell: (row) => <Defined title={row.term.title} definition={row.term.definition} /> },
          { name: t('col-difference'), head: <Defined title={t('col-difference')} definition={t('col-difference-means')} />, numeric: true, cell: (row) => value(row.difference) },
          { name: t('col-ratio'), head: <Defined title={t('col-ratio')} definition={t('col-ratio-means')} />, numeric: true, cell: (row) => value(row.ratio) },
        ]}
      />
      <Notes of={fairness.notes} />
    </>
  );
}

/** Sentences below a table: what limits its numbers. */
function Notes({ of }: { of: readonly string[] }) {
  return (
    <>
      {of.map((note) => (
        <p key={note} className={`dim small ${classes.note}`}>
          <Ticks text={note} />
        </p>
      ))}
    </>
  );
}

type Statistic = Exclude<keyof DriftRead, 'missing_ref' | 'missing_cur' | 'notable' | 'why'>;

function DriftOf({ shown, at }: { shown: ReportReading; at: number }) {
  const { t, number } = useWords();
  const [variable, setVariable] = useState<string | null>(null);
  const period = shown.periods[at]?.label;
  const worst = shown.variables.toSorted((a, b) => (b.periods[at]?.psi ?? -1) - (a.periods[at]?.psi ?? -1));
  const drawn = variable === null ? worst.slice(0, DISTRIBUTIONS).map((one) => one.name) : [variable];
  const missing = shown.statistics.find((one) => one.name === 'missing');
  const columns: TableColumn<VariableRead>[] = [
    {
      name: t('col-input'),
      header: true,
      cell: (row) => (
        <Button size="compact-xs" variant="subtle" aria-pressed={variable === row.name} onClick={() => setVariable(variable === row.name ? null : row.name)}>
          {row.name}
        </Button>
      ),
    },
    { name: t('col-course'), cell: (row) => <Spark name={`PSI ${row.name}`} values={row.periods.map((one) => one?.psi ?? null)} /> },
    ...shown.statistics
      .filter((term) => term.name !== 'missing')
      .map((term) => ({ name: term.title, head: <Defined title={term.title} definition={term.definition} />, numeric: true, cell: (row: VariableRead) => <StatisticCell drift={row.periods[at] ?? null} term={term} /> })),
    {
      name: missing?.title ?? t('missing'),
      ...(missing ? { head: <Defined title={missing.title} definition={missing.definition} /> } : {}),
      numeric: true,
      cell: (row) => {
        const drift = row.periods[at];
        if (!drift || drift.missing_ref === null || drift.missing_cur === null) return <span className="dim">{t('no-value')}</span>;
        return <span className={classes.whole}>{t('report-missing', { before: number(drift.missing_ref * 100, 1), now: number(drift.missing_cur * 100, 1) })}</span>;
      },
    },
  ];
  if (shown.variables.length === 0) return <Advice tone="info" title={t('report-no-inputs')} />;
  return (
    <>
      <Section>
        <Chart of={{ report: shown.row.id, kind: 'heatmap' }} title={t('report-figure-heatmap')} height={figureHeight(shown.variables.length)} />
      </Section>
      <Section>
        <Chart of={{ report: shown.row.id, kind: 'psi', period }} title={t('report-of-period', { what: t('report-figure-psi'), period: period ?? '' })} height={figureHeight(shown.variables.length)} />
      </Section>
      <Section title={t('report-worst', { period: period ?? '' })} flush>
        <Table label={t('report-worst', { period: period ?? '' })} rows={worst} rowKey={(row) => row.name} columns={columns} />
      </Section>
      <div className={classes.variables}>
        {shown.score.some((one) => one !== null) && variable === null && (
          <Section>
            <Chart of={{ report: shown.row.id, kind: 'distribution', period }} title={t('report-score-distribution')} height={230} />
          </Section>
        )}
        {drawn.map((name) => (
          <Section key={name}>
            <Chart of={{ report: shown.row.id, kind: 'distribution', period, variable: name }} title={name} height={230} />
          </Section>
        ))}
        {variable !== null && (
          <Section>
            <Chart of={{ report: shown.row.id, kind: 'trend', metric: `psi.${variable}` }} title={t('report-psi-of', { name: variable })} height={230} />
          </Section>
        )}
      </div>
    </>
  );
}

function StatisticCell({ drift, term }: { drift: DriftRead | null; term: Term }) {
  const { number } = useWords();
  const value = drift?.[term.name as Statistic] ?? null;
  if (value === null) return <Missing why={drift?.why} />;
  const level = term.name === 'psi' ? (value >= 0.25 ? 'alert' : value > 0.1 ? 'warn' : undefined) : term.name === 'q' && drift?.notable ? 'warn' : undefined;
  return (
    <span className={classes.psi} data-level={level}>
      {term.name === 'q' ? pValue(value, number) : number(value, 4)}
    </span>
  );
}

/** A p-value as people read it. */
function pValue(value: number, number: Words['number']): string {
  return value < 0.0001 ? `< ${number(0.0001, 4)}` : number(value, 4);
}

/** A period with what was lost in it. */
interface Lost {
  period: ReportReading['periods'][number];
  decay: NonNullable<ReportReading['decay'][number]>;
}

function DecayOf({ shown, others }: { shown: ReportReading; others: string | undefined }) {
  const { t, number } = useWords();
  const share = (value: number | null | undefined) => (value === null || value === undefined ? <span className="dim">{t('no-value')}</span> : t('percent', { share: number(value * 100, 1) }));
  const points = (value: number | null | undefined) => (value === null || value === undefined ? <span className="dim">{t('no-value')}</span> : number(value, 4));
  const rows: Lost[] = shown.periods.flatMap((period, at) => {
    const decay = shown.decay[at];
    return decay ? [{ period, decay }] : [];
  });
  const course = shown.course;
  const notes = [...new Set(rows.flatMap((row) => row.decay.notes))];
  // A predicted number has an error, and no order to lose.
  const ofNumbers = rows.every((row) => row.decay.gini === null);
  const defined = (name: string, means: string) => ({ name: t(name), head: <Defined title={t(name)} definition={t(means)} /> });
  const pair = (name: string, means: string, value: string | null) => [t(name), value, <Defined key={name} title={t(name)} definition={t(means)} />] as const;
  return (
    <>
      {shown.figures.includes('trend') && <TrendOf shown={shown} others={others} />}
      <Section title={t('report-loss')} flush>
        <Table
          label={t('report-loss')}
          rows={rows}
          rowKey={(row) => row.period.label}
          empty={<p className="dim" style={{ padding: 16 }}>{t('report-no-loss')}</p>}
          columns={[
            { name: t('col-period'), header: true, cell: (row) => row.period.label },
            ofNumbers
              ? { ...defined('loss-ase', 'loss-ase-means'), numeric: true, cell: (row) => share(row.decay.ase) }
              : { ...defined('loss-gini', 'loss-gini-means'), numeric: true, cell: (row) => share(row.decay.gini) },
            { ...defined('loss-p', 'loss-p-means'), numeric: true, cell: (row) => (row.decay.p === null ? <span className="dim">{t('no-value')}</span> : pValue(row.decay.p, number)) },
            { ...defined('loss-significant', 'loss-significant-means'), cell: (row) => (row.decay.significant === null ? '' : row.decay.significant ? <Badge tone="bad">{t('yes')}</Badge> : t('no')) },
            ...(ofNumbers
              ? []
              : [
                  { ...defined('loss-ks', 'loss-ks-means'), numeric: true, cell: (row: Lost) => share(row.decay.ks) },
                  { ...defined('loss-lift10', 'loss-lift10-means'), numeric: true, cell: (row: Lost) => share(row.decay.lift10) },
                  { ...defined('loss-mix', 'loss-mix-means'), numeric: true, cell: (row: Lost) => points(row.decay.mix) },
                  { ...defined('loss-relation', 'loss-relation-means'), numeric: true, cell: (row: Lost) => points(row.decay.relation) },
                ]),
          ]}
        />
        <Notes of={notes} />
      </Section>
      <p className="dim small">{t(ofNumbers ? 'loss-note-ase' : 'loss-note', { against: rows[0]?.decay.against ?? shown.row.baseline })}</p>
      {course && (
        <Section title={t('report-course-of', { metric: course.metric })}>
          <Pairs
            of={[
              pair('course-threshold', 'course-threshold-means', course.threshold === null ? null : number(course.threshold, 3)),
              pair('course-slope', 'course-slope-means', course.slope === null ? null : number(course.slope, 4)),
              pair('course-mann-kendall', 'course-mann-kendall-means', course.mann_kendall_p === null ? t('course-too-few') : pValue(course.mann_kendall_p, number)),
              pair(
                'course-crossing',
                'course-crossing-means',
                course.crossing === null
                  ? t('course-never')
                  : t('course-crossing-in', {
                      at: number(course.crossing, 1),
                      from: course.crossing_from === null ? '–' : number(course.crossing_from, 1),
                      to: course.crossing_to === null ? '∞' : number(course.crossing_to, 1),
                    }),
              ),
              ...course.charts.map((chart) => [chart.title, chart.alarm ?? t('course-no-alarm'), <Defined key={chart.name} title={chart.title} definition={chart.explained} />] as const),
            ]}
          />
          <Notes of={course.notes} />
        </Section>
      )}
    </>
  );
}

function DataOf({ shown }: { shown: ReportReading }) {
  const { t, number } = useWords();
  const defined = (name: string, means: string) => ({ name: t(name), head: <Defined title={t(name)} definition={t(means)} /> });
  return (
    <>
      {shown.warnings.length > 0 && (
        <Advice tone="warn" title={t('report-warnings')}>
          <ul className={classes.reasons}>
            {shown.warnings.map((warning) => (
              <li key={warning}>
                <Ticks text={warning} />
              </li>
            ))}
          </ul>
        </Advice>
      )}
      <Section title={t('col-periods')} flush>
        <Table
          label={t('col-periods')}
          rows={shown.periods}
          rowKey={(row) => row.label}
          columns={[
            { name: t('col-period'), header: true, cell: (row) => row.label },
            { name: t('col-rows'), numeric: true, cell: (row) => number(row.rows, 0) },
            { ...defined('col-labelled', 'col-labelled-means'), numeric: true, cell: (row) => (row.labelled === null ? t('no-value') : t('percent', { share: number(row.labelled * 100, 1) })) },
            { name: t('col-state'), cell: (row) => (row.provisional ? <Badge tone="warn">{t('provisional')}</Badge> : t('final')) },
            { ...defined('col-p1', 'col-p1-means'), numeric: true, cell: (row) => number(row.p1, 0) },
            { ...defined('col-p25', 'col-p25-means'), numeric: true, cell: (row) => number(row.p25, 0) },
          ]}
        />
      </Section>
      <Section title={t('report-provenance')}>
        <Pairs
          of={[
            [t('col-monitor'), t('report-terms', { monitor: shown.row.monitor_name, number: shown.row.number })],
            [t('col-by'), shown.row.recorded_by],
            [t('col-recorded'), <Moment at={shown.row.recorded_at} />],
            [t('report-blob'), <Digest value={shown.row.blob} />],
            ...shown.row.data.map((file) => [file.name, <Digest value={file.digest} />] as const),
          ]}
        />
      </Section>
    </>
  );
}
