import { Switch } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';

import type { RunPage } from '../../api/bindings/RunPage';
import { useRead } from '../../api/query';
import { FailureAdvice, Ticks } from '../../parts/advice';
import { Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Price } from '../../parts/price';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';
import { RunState } from './states';

interface Line {
  name: string;
  cells: [ReactNode, ReactNode];
  /** What is compared; equal texts are no difference. */
  texts: [string, string];
}

/** Two runs side by side: where, how long, what it cost, what came of it. */
export function CompareRuns({ runs }: { runs: readonly [string, string] }) {
  const { t } = useWords();
  const left = useRead('runs.show', { run: runs[0] });
  const right = useRead('runs.show', { run: runs[1] });
  const error = left.error ?? right.error;
  if (error) {
    return (
      <Page title={t('compare-runs')} crumbs={[<Link to="/runs">{t('nav-runs')}</Link>]}>
        <FailureAdvice thrown={error} again={() => { void left.refetch(); void right.refetch(); }} />
      </Page>
    );
  }
  if (!left.data || !right.data) return <PageLoading />;
  return <Compared of={[left.data, right.data]} />;
}

function Compared({ of }: { of: [RunPage, RunPage] }) {
  const words = useWords();
  const { t, known, number, duration } = words;
  const [only, setOnly] = useState(false);
  const line = (name: string, cell: (run: RunPage) => ReactNode, text: (run: RunPage) => string): Line => ({ name, cells: [cell(of[0]), cell(of[1])], texts: [text(of[0]), text(of[1])] });
  const plain = (name: string, text: (run: RunPage) => string) => line(name, text, text);
  const facts: Line[] = [
    plain(t('col-run'), (one) => known('run-kind', one.run.kind)),
    line(t('col-version'), (one) => <Link to="/versions/$version" params={{ version: one.run.version }}>{one.run.version_label}</Link>, (one) => one.run.version),
    line(t('col-state'), (one) => <RunState state={one.run.state} />, (one) => one.run.state),
    line(t('run-why'), (one) => <Ticks text={one.run.reason ?? ''} />, (one) => one.run.reason ?? ''),
    plain(t('col-target'), (one) => one.run.target),
    plain(t('col-bucket'), (one) => one.bucket ?? ''),
    plain(t('col-requested-by'), (one) => one.run.requested_by),
    line(t('col-requested'), (one) => <Moment at={one.run.requested_at} />, (one) => one.run.requested_at),
    plain(t('col-duration'), (one) => duration(one.run.duration_s)),
    line(t('cost'), (one) => <Price of={one.run.cost ?? one.run.estimate} />, (one) => String((one.run.cost ?? one.run.estimate)?.amount ?? '')),
    plain(t('run-cleanup'), (one) => known('cleanup', one.run.cleanup)),
    plain(t('submit-args'), (one) => one.args.join(' ')),
  ];
  const names = (list: (run: RunPage) => string[]) => [...new Set([...list(of[0]), ...list(of[1])])];
  const settings = names((one) => Object.keys(one.properties)).map((name) => plain(name, (one) => one.properties[name] ?? ''));
  const stages = names((one) => one.stages.map((stage) => stage.state))
    .map((state) => plain(known('run-state', state), (one) => (lengthOf(one, state) === null ? '' : duration(lengthOf(one, state) ?? 0))))
    .filter((one) => one.texts.some((text) => text !== ''));
  const metrics = names((one) => one.metrics.map((metric) => metric.name)).map((name) => {
    const value = (one: RunPage) => one.metrics.find((metric) => metric.name === name)?.value;
    const shown = plain(name, (one) => (value(one) === undefined ? '' : number(value(one) ?? 0, 5)));
    const [a, b] = [value(of[0]), value(of[1])];
    return { ...shown, change: a !== undefined && b !== undefined ? b - a : null };
  });
  const outputs = names((one) => one.outputs.map((output) => output.name)).map((name) => {
    const output = (one: RunPage) => one.outputs.find((each) => each.name === name);
    return plain(name, (one) => {
      const found = output(one);
      if (!found) return '';
      return `${t(found.verified ? 'output-verified' : 'output-wrong')}${found.rows === null ? '' : ` · ${number(found.rows, 0)} ${t('col-rows').toLowerCase()}`}`;
    });
  });
  const differing = <L extends Line>(lines: L[]) => (only ? lines.filter((one) => one.texts[0] !== one.texts[1]) : lines.filter((one) => one.texts.some((text) => text !== '')));
  const heads = of.map((one) => <Link key={one.run.id} to="/runs/$run" params={{ run: one.run.id }}>{`${known('run-kind', one.run.kind)} · ${one.run.version_label} · ${words.moment(one.run.requested_at)}`}</Link>);
  const table = (title: string, lines: Line[], change?: (at: number) => ReactNode) =>
    lines.length === 0 ? null : (
      <Section title={title} flush>
        <Table
          label={title}
          rows={lines}
          rowKey={(row) => row.name}
          columns={[
            { name: t('col-name'), header: true, width: '22%', cell: (row) => row.name },
            { name: t('compare-first'), width: '34%', cell: (row) => row.cells[0] },
            { name: t('compare-second'), width: '34%', cell: (row) => row.cells[1] },
            ...(change ? [{ name: t('compare-change'), numeric: true, cell: (row: Line) => change(lines.indexOf(row)) }] : []),
          ]}
        />
      </Section>
    );
  const shownMetrics = differing(metrics);
  return (
    <Page
      title={t('compare-runs')}
      crumbs={[<Link to="/runs">{t('nav-runs')}</Link>]}
      lead={
        <span className="line-wrap">
          {heads[0]} <span>{t('compare-with')}</span> {heads[1]}
        </span>
      }
      actions={<Switch size="xs" label={t('compare-only')} checked={only} onChange={(event) => setOnly(event.currentTarget.checked)} />}
    >
      {table(t('identity'), differing(facts))}
      {table(t('metrics'), shownMetrics, (at) => {
        const change = shownMetrics[at]?.change ?? null;
        return change === null ? '' : `${change > 0 ? '+' : ''}${number(change, 5)}`;
      })}
      {table(t('outputs'), differing(outputs))}
      {table(t('stages'), differing(stages))}
      {table(t('submit-properties'), differing(settings))}
    </Page>
  );
}

/** Seconds a run spent in a state; null for one it never left, or never was in. */
function lengthOf(run: RunPage, state: string): number | null {
  const at = run.stages.findIndex((stage) => stage.state === state);
  const [from, to] = [run.stages[at], run.stages[at + 1]];
  return from && to ? (Date.parse(to.at) - Date.parse(from.at)) / 1000 : null;
}
