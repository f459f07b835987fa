import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Check, CircleDashed, CircleStop, CircleX, LoaderCircle, Minus } from 'lucide-react';

import type { OutputRow } from '../../api/bindings/OutputRow';
import type { RunPage as Shown } from '../../api/bindings/RunPage';
import { useRead, useWrite } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Digest } from '../../parts/digest';
import { Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';
import { Log } from './log';
import classes from './run.module.css';
import { ENDED, RunState } from './states';

/** One run: its stages, its log, and what it verifiably left behind. */
export function Run({ id }: { id: string }) {
  const { t, known, duration } = useWords();
  const read = useRead('runs.show', { run: id });
  const cancel = useWrite('runs.cancel');
  if (read.error && !read.data) {
    return (
      <Page title={t('nav-runs')} crumbs={[<Link to="/runs">{t('nav-runs')}</Link>]}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  if (!read.data) return <PageLoading />;
  const shown = read.data;
  const { run } = shown;
  return (
    <Page
      title={`${known('run-kind', run.kind)} · ${run.version_label}`}
      crumbs={[
        <Link to="/runs">{t('nav-runs')}</Link>,
        <Link to="/projects/$project" params={{ project: run.project }} search={{ tab: 'runs' }}>
          {run.project_name}
        </Link>,
      ]}
      badges={<RunState state={run.state} />}
      lead={
        <>
          {run.target} · {t('run-requested', { who: run.requested_by })} <Moment at={run.requested_at} /> · {duration(run.duration_s)}
        </>
      }
      actions={
        <>
          {shown.instance && (
            <Link to="/instances/$instance" params={{ instance: shown.instance }}>
              {t('run-instance')}
            </Link>
          )}
          {shown.cancellable && (
            <Button color="red" leftSection={<CircleStop size={14} aria-hidden />} loading={cancel.isPending} onClick={() => cancel.mutate({ run: run.id })}>
              {t('run-cancel')}
            </Button>
          )}
        </>
      }
    >
      {run.reason && (
        <Advice tone={run.state === 'cancelled' ? 'warn' : 'bad'} title={t('run-why')}>
          <Ticks text={run.reason} />
        </Advice>
      )}
      {cancel.error && <FailureAdvice thrown={cancel.error} />}
      <Stages shown={shown} />
      <div className="columns">
        <div className="stack">
          <Log run={run.id} />
          {shown.outputs.length > 0 && <Outputs rows={shown.outputs} />}
          {shown.files.length > 0 && <Files shown={shown} />}
        </div>
        <div className="stack">
          {shown.metrics.length > 0 && <Metrics shown={shown} />}
          <Section title={t('identity')}>
            <Pairs
              of={[
                [
                  t('col-version'),
                  <Link to="/versions/$version" params={{ version: run.version }}>
                    {run.version_label}
                  </Link>,
                ],
                [t('col-bucket'), shown.bucket && <code>{shown.bucket}</code>],
                [t('col-target'), run.target],
                [t('run-cleanup'), known('cleanup', run.cleanup)],
                [t('col-key'), <Digest value={shown.key} length={20} />],
                [t('col-ended'), run.ended_at && <Moment at={run.ended_at} />],
                [t('col-id'), <Digest value={run.id} length={26} />],
              ]}
            />
          </Section>
        </div>
      </div>
    </Page>
  );
}

/** The states a run goes through, in order. A migration has no cluster to wait for. */
const WAY: Record<string, readonly string[]> = {
  migrate: ['requested', 'preparing', 'running', 'verifying', 'succeeded'],
  other: ['requested', 'preparing', 'submitted', 'running', 'verifying', 'succeeded'],
};

/** The stages as a line of steps: what was passed with when and what was seen, what is now, what is still to come. */
function Stages({ shown }: { shown: Shown }) {
  const { t, known, duration } = useWords();
  const passed = shown.stages;
  const last = passed.at(-1);
  const ended = ENDED.includes(shown.run.state);
  const way = WAY[shown.run.kind] ?? WAY['other'] ?? [];
  const ahead = ended || !last ? [] : way.slice(way.indexOf(last.state) + 1);
  return (
    <Section title={t('stages')}>
      <ol className={classes.stages}>
        {passed.map((stage, at) => {
          const next = passed[at + 1];
          const now = stage === last && !ended;
          const state = stage.state === 'failed' ? 'failed' : stage.state === 'cancelled' ? 'cancelled' : now ? 'now' : 'done';
          return (
            <li key={`${stage.state} ${stage.at}`} data-state={state} aria-current={now ? 'step' : undefined}>
              <span className={classes.mark}>
                {state === 'failed' ? <CircleX size={15} aria-hidden /> : state === 'cancelled' ? <Minus size={15} aria-hidden /> : now ? <LoaderCircle size={15} aria-hidden className={classes.turns} /> : <Check size={15} aria-hidden />}
              </span>
              <strong>{known('run-state', stage.state)}</strong>
              <span className="small dim">
                <Moment at={stage.at} precise />
                {next && ` · ${duration((Date.parse(next.at) - Date.parse(stage.at)) / 1000)}`}
              </span>
              {stage.detail && (
                <span className="small">
                  <Ticks text={stage.detail} />
                </span>
              )}
            </li>
          );
        })}
        {ahead.map((state) => (
          <li key={state} data-state="ahead">
            <span className={classes.mark}>
              <CircleDashed size={15} aria-hidden />
            </span>
            <span className="dim">{known('run-state', state)}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** What the run had to leave behind, and whether it is there. */
function Outputs({ rows }: { rows: readonly OutputRow[] }) {
  const { t, number } = useWords();
  return (
    <Section title={t('outputs')} flush>
      <Table
        label={t('outputs')}
        rows={rows}
        rowKey={(row) => row.path}
        columns={[
          { name: t('col-name'), header: true, cell: (row) => row.name },
          {
            name: t('col-state'),
            cell: (row) =>
              row.verified ? (
                <Badge tone="good" icon={<Check aria-hidden />}>
                  {t('output-verified')}
                </Badge>
              ) : (
                <span className="line-wrap">
                  <Badge tone={row.problem ? 'bad' : 'quiet'}>{t(row.problem ? 'output-wrong' : 'output-waiting')}</Badge>
                  {row.problem && <Ticks text={row.problem} />}
                </span>
              ),
          },
          { name: t('col-rows'), numeric: true, cell: (row) => (row.rows === null ? '' : number(row.rows, 0)) },
          { name: t('col-digest'), cell: (row) => (row.digest ? <Digest value={row.digest} /> : '') },
          { name: t('col-path'), cell: (row) => <code>{row.path}</code> },
        ]}
      />
    </Section>
  );
}

function Files({ shown }: { shown: Shown }) {
  const { t, size } = useWords();
  return (
    <Section title={t('run-files')} flush>
      <Table
        label={t('run-files')}
        rows={shown.files}
        rowKey={(row) => row.path}
        columns={[
          { name: t('col-path'), header: true, cell: (row) => <code>{row.path}</code> },
          { name: t('col-size'), numeric: true, cell: (row) => size(row.size) },
          { name: t('col-digest'), cell: (row) => <Digest value={row.sha256} /> },
        ]}
      />
    </Section>
  );
}

function Metrics({ shown }: { shown: Shown }) {
  const { t, number } = useWords();
  return (
    <Section title={t('metrics')} flush>
      <Table
        label={t('metrics')}
        rows={shown.metrics}
        rowKey={(row) => row.name}
        columns={[
          { name: t('col-name'), header: true, cell: (row) => row.name },
          { name: t('col-value'), numeric: true, cell: (row) => number(row.value, 5) },
        ]}
      />
    </Section>
  );
}
