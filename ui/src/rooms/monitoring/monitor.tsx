import { Button, Progress } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Calculator, Gavel } from 'lucide-react';
import { useState } from 'react';

import type { AlertRow } from '../../api/bindings/AlertRow';
import type { MonitorPage } from '../../api/bindings/MonitorPage';
import { useRead, useWrite } from '../../api/query';
import { Advice, Empty, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { ReasonDialog } from '../../parts/dialog';
import { Ago, Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';
import { Chart } from './chart';
import { Decide } from './decide';
import { Health, Level, Recommended } from './health';
import classes from './monitoring.module.css';
import { ReportList } from './monitoring';

/** Milliseconds between two looks at a computation under way. */
const LOOK_MS = 500;
/** Characters of a reason; the rule lives in `governance`, this only says it sooner. */
const REASON_MIN = 10;

export interface MonitorSearch {
  /** Whether the decision on retraining is asked for at once. */
  decide?: boolean | undefined;
}

/** One monitor: how its model is now, what waits for an answer, its reports, and what it watches. */
export function Monitor({ id, search = {} }: { id: string; search?: MonitorSearch }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const read = useRead('monitoring.show', { monitor: id });
  const compute = useWrite('monitoring.compute');
  const stop = useWrite('monitoring.stop');
  const retire = useWrite('monitoring.retire');
  const [deciding, setDeciding] = useState(search.decide === true);
  const [retiring, setRetiring] = useState(false);
  const busy = compute.isPending || (read.data?.computing?.running ?? false);
  const progress = useRead('monitoring.progress', { monitor: id }, { enabled: busy, refetchInterval: busy ? LOOK_MS : false });
  if (read.error) {
    return (
      <Page title={t('col-monitor')}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  if (!read.data) return <PageLoading />;
  const shown = read.data;
  const { monitor } = shown;
  const retired = monitor.health === 'retired';
  return (
    <Page
      title={monitor.name}
      badges={
        <>
          <Health of={monitor.health} />
          {monitor.overdue && <Badge tone="warn">{t('monitor-overdue')}</Badge>}
          {monitor.recommendation && <Recommended action={monitor.recommendation} />}
        </>
      }
      crumbs={[<Link to="/monitoring">{t('nav-monitoring')}</Link>]}
      lead={
        <>
          {t('monitor-lead', { owner: monitor.owner, project: monitor.project_name })}{' '}
          <Link to="/versions/$version" params={{ version: monitor.version }}>
            {monitor.version_label}
          </Link>
        </>
      }
      actions={
        retired ? null : (
          <>
            <Button variant={monitor.open_alerts > 0 ? 'default' : 'filled'} leftSection={<Calculator size={14} aria-hidden />} loading={busy} onClick={() => compute.mutate({ monitor: id })}>
              {t('monitor-compute')}
            </Button>
            {monitor.latest && (
              <Button variant={monitor.open_alerts > 0 ? 'filled' : 'default'} leftSection={<Gavel size={14} aria-hidden />} onClick={() => setDeciding(true)}>
                {t('monitor-decide')}
              </Button>
            )}
            {shown.may_define && (
              <>
                <Button onClick={() => void navigate({ to: '/monitoring/new', search: { monitor: id } })}>{t('monitor-change')}</Button>
                <Button onClick={() => setRetiring(true)}>{t('monitor-retire')}</Button>
              </>
            )}
          </>
        )
      }
    >
      {busy && (
        <Section>
          <div className="line">
            <div className="grow">
              <Progress value={progress.data && progress.data.of > 0 ? (100 * progress.data.done) / progress.data.of : 0} aria-label={t('monitor-computing')} animated={false} />
            </div>
            <span className="dim small num">{t('monitor-pieces', { done: progress.data?.done ?? 0, of: progress.data?.of ?? 0 })}</span>
            <Button onClick={() => stop.mutate({ monitor: id })}>{t('stop')}</Button>
          </div>
        </Section>
      )}
      {compute.error && <FailureAdvice thrown={compute.error} />}
      {stop.error && <FailureAdvice thrown={stop.error} />}
      {compute.data?.known && <Advice tone="info" title={t('monitor-known')} />}
      {shown.obstacle && (
        <Advice tone="warn" title={t('monitor-obstacle')}>
          <Ticks text={shown.obstacle} />
        </Advice>
      )}
      {shown.retired_because && (
        <Advice tone="info" title={t('monitor-retired')}>
          {shown.retired_because}
        </Advice>
      )}
      {monitor.latest === null ? (
        <Section>
          <Empty title={t('monitor-no-report')}>{t('monitor-no-report-text')}</Empty>
        </Section>
      ) : (
        <>
          {shown.reasons.length > 0 && monitor.recommendation && (
            <Advice
              tone={monitor.recommendation === 'keep' ? 'good' : monitor.recommendation === 'watch' ? 'warn' : monitor.recommendation === 'unknown' ? 'info' : 'bad'}
              title={<RecommendedLong action={monitor.recommendation} />}
              actions={
                <Link to="/reports/$report" params={{ report: monitor.latest }}>
                  {t('monitor-open-report')}
                </Link>
              }
            >
              <ul className={classes.reasons}>
                {shown.reasons.map((reason) => (
                  <li key={reason}>
                    <Ticks text={reason} />
                  </li>
                ))}
              </ul>
            </Advice>
          )}
          <Section>
            <Chart of={{ report: monitor.latest, kind: 'trend' }} title={t('report-figure-trend')} height={260} />
          </Section>
        </>
      )}
      <div className="halves">
        <Section title={t('monitor-open-alerts')} flush={shown.alerts.length > 0}>
          <OpenAlerts alerts={shown.alerts} />
        </Section>
        <Section title={t('monitor-decisions')}>
          <Decisions shown={shown} />
        </Section>
      </div>
      <h2>{t('monitoring-reports')}</h2>
      <ReportList request={{ monitor: id }} height={300} />
      <Section title={t('monitor-terms', { number: monitor.number })}>
        <Terms shown={shown} />
      </Section>
      <Decide opened={deciding} onClose={() => setDeciding(false)} shown={shown} />
      <ReasonDialog
        opened={retiring}
        onClose={() => setRetiring(false)}
        title={t('monitor-retire')}
        text={t('monitor-retire-text')}
        action={t('monitor-retire')}
        danger
        minimum={REASON_MIN}
        busy={retire.isPending}
        error={retire.error}
        onReason={(reason) => retire.mutate({ monitor: id, reason }, { onSuccess: () => setRetiring(false) })}
      />
    </Page>
  );
}

function RecommendedLong({ action }: { action: string }) {
  const { known } = useWords();
  return <>{known('recommended-long', action)}</>;
}

/** Alerts that wait; one can be settled with a reason where it needs no decision on the model. */
function OpenAlerts({ alerts }: { alerts: readonly AlertRow[] }) {
  const { t } = useWords();
  const settle = useWrite('monitoring.settle');
  const [chosen, setChosen] = useState<string | null>(null);
  if (alerts.length === 0) return <p className="dim">{t('monitor-no-alerts')}</p>;
  return (
    <>
      <Table
        label={t('monitor-open-alerts')}
        rows={alerts}
        rowKey={(row) => row.id}
        columns={[
          { name: t('col-period'), header: true, cell: (row) => row.period },
          { name: t('col-level'), cell: (row) => <Level of={row.level} /> },
          { name: t('col-rule'), cell: (row) => <code>{row.rule}</code> },
          { name: t('col-raised'), cell: (row) => <Ago at={row.raised_at} /> },
          {
            name: t('col-actions'),
            cell: (row) => (
              <Button size="compact-xs" aria-label={t('alert-settle-this', { rule: row.rule, period: row.period })} onClick={() => setChosen(row.id)}>
                {t('alert-settle')}
              </Button>
            ),
          },
        ]}
      />
      <ReasonDialog
        opened={chosen !== null}
        onClose={() => setChosen(null)}
        title={t('alert-settle')}
        text={t('alert-settle-text')}
        action={t('alert-settle')}
        minimum={REASON_MIN}
        busy={settle.isPending}
        error={settle.error}
        onReason={(reason) => chosen !== null && settle.mutate({ alert: chosen, reason }, { onSuccess: () => setChosen(null) })}
      />
    </>
  );
}

function Decisions({ shown }: { shown: MonitorPage }) {
  const { t, known } = useWords();
  if (shown.decisions.length === 0) return <p className="dim">{t('monitor-no-decisions')}</p>;
  return (
    <ol className="stack" style={{ margin: 0, padding: 0, listStyle: 'none' }}>
      {shown.decisions.map((decision) => (
        <li key={decision.at} className="stack-tight">
          <span className="line-wrap">
            <strong>{known('answer', decision.answer)}</strong>
            <span className="dim small">
              {decision.by} <Moment at={decision.at} />
            </span>
            <Link to="/reports/$report" params={{ report: decision.report }}>
              {t('decision-report')}
            </Link>
            {decision.run && (
              <Link to="/runs/$run" params={{ run: decision.run }}>
                {t('decision-run')}
              </Link>
            )}
            {decision.retrained && (
              <Link to="/compare" search={{ versions: `${shown.monitor.version},${decision.retrained}` }}>
                {t('decision-compare', { number: decision.retrained_number ?? '' })}
              </Link>
            )}
          </span>
          <span>{decision.reason}</span>
          {Object.entries(decision.questionnaire).map(([question, answer]) => (
            <span key={question} className="small dim">
              {known('question', question)} {known('questionnaire', answer ?? '')}
            </span>
          ))}
        </li>
      ))}
    </ol>
  );
}

function Terms({ shown }: { shown: MonitorPage }) {
  const { t, known, number } = useWords();
  const { terms } = shown;
  return (
    <Pairs
      of={[
        [t('terms-data'), <code>{[terms.data.bucket, terms.data.folder, terms.data.pattern].filter(Boolean).join('/')}</code>],
        [t('define-through'), terms.data.target],
        [t('terms-target'), terms.target && (terms.event ? `${terms.target} = ${terms.event}` : terms.target)],
        [t('terms-score'), terms.score],
        [t('terms-weight'), terms.weight],
        [t('terms-inputs'), terms.inputs ? terms.inputs.join(', ') : t('terms-inputs-all')],
        [t('terms-groups'), (terms.groups ?? []).join(', ')],
        [t('terms-time'), terms.time && `${terms.time.column} · ${known('period', terms.time.period)}`],
        [t('terms-baseline'), terms.baseline.kind === 'file' ? <code>{terms.baseline.file}</code> : known('baseline', terms.baseline.kind)],
        [t('terms-cadence'), terms.cadence ? known('cadence', terms.cadence) : t('monitor-on-data')],
        [t('terms-runs-on'), terms.runs_on ?? t('define-runs-here')],
        [t('terms-cutoff'), number(terms.cutoff, 2)],
        [t('terms-delimiter'), terms.delimiter && <code>{terms.delimiter}</code>],
        [t('terms-thresholds'), Object.entries(terms.thresholds ?? {}).map(([metric, value]) => `${metric} ${number(value ?? 0, 3)}`).join(', ')],
        [t('terms-unlabelled'), terms.unlabelled_share_max === undefined ? null : t('percent', { share: number(terms.unlabelled_share_max * 100, 1) })],
        [
          t('terms-rules'),
          <span className="stack-tight">
            {terms.rules.map((rule) => (
              <span key={`${rule.level} ${rule.when}`} className="line-wrap">
                <Level of={rule.level} />
                <code>{rule.when}</code>
              </span>
            ))}
          </span>,
        ],
        [t('col-by'), shown.defined_by],
        [t('col-created'), <Moment at={shown.defined_at} />],
      ]}
    />
  );
}
