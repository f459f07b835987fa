import { Button, Select } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Check, CircleDashed, CircleStop, CircleX, FlaskConical, GitCompareArrows, LoaderCircle, Minus, RotateCcw } from 'lucide-react';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';

import type { OutputRow } from '../../api/bindings/OutputRow';
import type { RunPage as Shown } from '../../api/bindings/RunPage';
import { useRead, useRows, useWrite } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge, type Tone } from '../../parts/badge';
import { CommandLine } from '../../parts/command';
import { Dialog } from '../../parts/dialog';
import { Digest } from '../../parts/digest';
import { Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { Price } from '../../parts/price';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';
import { Log } from './log';
import classes from './run.module.css';
import { ENDED, RunState } from './states';
import type { Kind, SubmitSearch } from './submit';

/** One run: its stages, its log, and what it verifiably left behind. */
export function Run({ id }: { id: string }) {
  const { t, known, duration } = useWords();
  const read = useRead('runs.show', { run: id });
  const cancel = useWrite('runs.cancel');
  useSeen(id, typeof read.data?.run.ended_at === 'string');
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
      badges={
        <>
          <RunState state={run.state} />
          {run.rehearsal && (
            <Badge icon={<FlaskConical aria-hidden />}>{t('run-rehearsal')}</Badge>
          )}
          {!run.closed && run.ended_at !== null && <Badge tone="bad">{t('run-unclean')}</Badge>}
        </>
      }
      lead={
        <>
          {known('built-in', run.target)} · {t('run-requested', { who: run.requested_by })} <Moment at={run.requested_at} /> · {duration(run.duration_s)}
        </>
      }
      actions={
        <>
          {shown.instance && (
            <Link to="/instances/$instance" params={{ instance: shown.instance }}>
              {t('run-instance')}
            </Link>
          )}
          <CompareButton run={run.id} version={run.version} kind={run.kind} />
          {run.ended_at !== null && (run.kind !== 'migrate' || run.state !== 'succeeded') && (
            <Button renderRoot={(root) => <Link to="/submit" search={{ version: run.version, kind: run.kind as Kind, ...(BUILT_IN.includes(run.target) ? {} : { target: run.target }), ...(shown.bucket ? { bucket: shown.bucket } : {}), ...(run.rehearsal ? { rehearse: true } : {}), ...asBefore(shown) }} {...root} />} leftSection={<RotateCcw size={14} aria-hidden />}>
              {t('run-again')}
            </Button>
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
      {shown.stop_asked_by && run.ended_at === null && (
        <Advice tone="warn" title={t('run-stopping', { who: shown.stop_asked_by })}>
          {t('run-stopping-text')}
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
          <Money shown={shown} />
          {run.cleanup !== 'not-needed' && <CleanupGraph shown={shown} />}
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
                [t('col-target'), known('built-in', run.target)],
                [t('run-runtime'), shown.runtime.length > 0 && shown.runtime.join(', ')],
                [t('run-trigger'), shown.trigger && <code>{shown.trigger}</code>],
                [t('run-registered'), shown.registered && <Link to="/versions/$version" params={{ version: shown.registered }}>{t('submit-version-open')}</Link>],
                [t('submit-args'), shown.args.length > 0 && <code>{shown.args.join(' ')}</code>],
                [t('submit-properties'), Object.keys(shown.properties).length > 0 && <Properties of={shown.properties} />],
                [t('col-endpoint'), shown.endpoint && <code>{shown.endpoint}</code>],
                [t('run-deadline'), duration(shown.deadline_s)],
                [t('run-cleanup'), run.cleanup === 'not-needed' ? known('cleanup', run.cleanup) : null],
                [t('col-key'), <Digest value={shown.key} length={20} />],
                [t('col-ended'), run.ended_at && <Moment at={run.ended_at} />],
                [t('col-id'), <Digest value={run.id} length={26} />],
              ]}
            />
          </Section>
          {shown.command && (
            <Section title={t('command')}>
              <CommandLine text={shown.command} />
            </Section>
          )}
        </div>
      </div>
    </Page>
  );
}

/** Targets that every workspace has. */
const BUILT_IN: readonly string[] = ['local-spark', 'bucket'];

/** Notices of a run are read once its page was seen after its end. */
function useSeen(run: string, ended: boolean) {
  const unread = useRows('notices.list', { unread: true }, { limit: 200, enabled: ended });
  const read = useWrite('notices.mark_read');
  const { mutate } = read;
  const about = unread.rows.filter((notice) => notice.link === `/runs/${run}`).map((notice) => notice.id).join(' ');
  useEffect(() => {
    if (about !== '') mutate({ notices: about.split(' ') });
  }, [about, mutate]);
}

function Properties({ of }: { of: Shown['properties'] }) {
  return (
    <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {Object.entries(of).map(([name, value]) => (
        <li key={name}>
          <code>
            {name}={value}
          </code>
        </li>
      ))}
    </ul>
  );
}

/** Arguments, properties and limit of a run, for asking for it once more. */
function asBefore(shown: Shown): Pick<SubmitSearch, 'args' | 'properties' | 'deadline'> {
  const properties = Object.entries(shown.properties).map(([name, value]) => `${name}=${value ?? ''}`);
  return {
    ...(shown.args.length > 0 ? { args: shown.args.join('\n') } : {}),
    ...(properties.length > 0 ? { properties: properties.join('\n') } : {}),
    deadline: Math.round(shown.deadline_s / 60),
  };
}

/** What it was expected to cost, and what it cost. */
function Money({ shown }: { shown: Shown }) {
  const { t } = useWords();
  const { cost, estimate } = shown.run;
  if (!cost && !estimate) return null;
  return (
    <Section title={t('cost')}>
      <Pairs of={[[t('cost'), cost && <strong><Price of={cost} dated /></strong>], [t('estimate'), estimate && <Price of={estimate} dated={!cost} />]]} />
    </Section>
  );
}

const CLEANUP: readonly string[] = ['required', 'in-progress', 'proven'];
const CLEANUP_TONES: Record<string, Tone> = { required: 'warn', 'in-progress': 'accent', proven: 'good' };

/** How far the removal of what the run made has come. */
function CleanupGraph({ shown }: { shown: Shown }) {
  const { t, known } = useWords();
  const at = CLEANUP.indexOf(shown.run.cleanup);
  return (
    <Section title={t('cleanup-graph')} aside={<Badge tone={CLEANUP_TONES[shown.run.cleanup] ?? 'quiet'}>{known('cleanup', shown.run.cleanup)}</Badge>}>
      <ol className={classes.cleanup}>
        {CLEANUP.map((step, n) => (
          <li key={step} data-passed={n <= at} aria-current={n === at ? 'step' : undefined}>
            {known('cleanup', step)}
          </li>
        ))}
      </ol>
      {shown.cleanup_detail && (
        <p className="small">
          <Ticks text={shown.cleanup_detail} /> {shown.cleanup_at && <span className="dim"><Moment at={shown.cleanup_at} precise /></span>}
        </p>
      )}
    </Section>
  );
}

/** Chooses the run to compare with: others of the same version first. */
function CompareButton({ run, version, kind }: { run: string; version: string; kind: string }) {
  const { t } = useWords();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button leftSection={<GitCompareArrows size={14} aria-hidden />} onClick={() => setOpened(true)}>
        {t('run-compare')}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t('run-compare-with')}>
        {opened && <CompareWith run={run} version={version} kind={kind} />}
      </Dialog>
    </>
  );
}

/** Milliseconds after the last key until runs are searched. */
const SEARCH_PAUSE_MS = 200;

function CompareWith({ run, version, kind }: { run: string; version: string; kind: string }) {
  const words = useWords();
  const { t, known } = words;
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const [searched] = useDebouncedValue(search.trim(), SEARCH_PAUSE_MS);
  const list = useRows('runs.list', searched === '' ? { page: {} } : { page: { search: searched } });
  const near = (row: { version: string; kind: string }) => Number(row.version === version) + Number(row.kind === kind);
  const others = list.rows.filter((row) => row.id !== run).toSorted((a, b) => near(b) - near(a));
  return (
    <Select
      label={t('compare-pick')}
      data-autofocus
      description={t('compare-pick-text')}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      // The desk has searched: what it found is shown as it is.
      filter={({ options }) => options}
      nothingFoundMessage={t('runs-none')}
      data={others.map((row) => ({ value: row.id, label: `${known('run-kind', row.kind)} · ${row.version_label} · ${known('run-state', row.state)} · ${words.moment(row.requested_at)}` }))}
      value={null}
      onChange={(other) => other !== null && void navigate({ to: '/compare-runs', search: { runs: `${run},${other}` } })}
    />
  );
}

/** The states a run goes through, in order. A migration has no cluster to wait for. */
const WAY: Record<string, readonly string[]> = {
  migrate: ['requested', 'preparing', 'running', 'verifying', 'succeeded'],
  other: ['requested', 'preparing', 'submitted', 'running', 'verifying', 'succeeded'],
  cloud: ['requested', 'preparing', 'provisioning', 'submitted', 'running', 'verifying', 'succeeded'],
};

/** The stages as a line of steps: what was passed with when and what was seen, what is now, what is still to come. */
function Stages({ shown }: { shown: Shown }) {
  const { t, known, duration } = useWords();
  const passed = shown.stages;
  const last = passed.at(-1);
  const ended = ENDED.includes(shown.run.state);
  const way = WAY[shown.run.kind] ?? WAY[shown.run.cleanup === 'not-needed' ? 'other' : 'cloud'] ?? [];
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
  const { t, known, number } = useWords();
  return (
    <Section title={t('outputs')} flush>
      <Table
        label={t('outputs')}
        rows={rows}
        rowKey={(row) => row.path}
        columns={[
          { name: t('col-name'), header: true, cell: (row) => known('output', row.name) },
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
