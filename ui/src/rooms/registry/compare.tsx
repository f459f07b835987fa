import { Switch } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { TrendingDown, TrendingUp } from 'lucide-react';
import { useState } from 'react';

import type { ComparedStatistic } from '../../api/bindings/ComparedStatistic';
import type { ComparedText } from '../../api/bindings/ComparedText';
import type { Comparison } from '../../api/bindings/Comparison';
import type { VersionRef } from '../../api/bindings/VersionRef';
import { useRead } from '../../api/query';
import { Empty, FailureAdvice } from '../../parts/advice';
import { Digest } from '../../parts/digest';
import { Page, PageLoading, Section } from '../../parts/page';
import { Table, type TableColumn } from '../../parts/table';
import { useWords } from '../../words/words';
import { Charts } from './charts';
import classes from './compare.module.css';

/** Two to four versions side by side; the first is the measure of the others. */
export function Compare({ versions }: { versions: readonly string[] }) {
  const { t } = useWords();
  const enough = versions.length >= 2 && versions.length <= 4;
  const read = useRead('registry.compare', { versions: [...versions] }, { enabled: enough });
  const [only, setOnly] = useState(false);
  if (!enough || read.error) {
    return (
      <Page title={t('compare-title')}>
        {read.error ? <FailureAdvice thrown={read.error} again={() => void read.refetch()} /> : <Empty title={t('compare-how')} />}
      </Page>
    );
  }
  if (!read.data) return <PageLoading />;
  const shown = read.data;
  const [first, ...others] = shown.versions;
  return (
    <Page
      title={t('compare-title')}
      crumbs={[<Link to="/models">{t('nav-models')}</Link>]}
      lead={shown.versions.map((one) => label(one)).join(' · ')}
      actions={<Switch label={t('compare-only')} checked={only} onChange={(event) => setOnly(event.currentTarget.checked)} />}
    >
      <Section title={t('fit-title')} flush>
        <Statistics shown={shown} only={only} />
      </Section>
      {first && <Charts version={first.version} hasRoc hasLift others={others.map((one) => one.version)} />}
      <Section title={t('tab-variables')} flush>
        <Texts name={t('tab-variables')} rows={shown.variables} versions={shown.versions} only={only} />
      </Section>
      <Section title={t('tab-properties')} flush>
        <Texts name={t('tab-properties')} rows={shown.properties} versions={shown.versions} only={only} />
      </Section>
      <Section title={t('tab-files')} flush>
        <Texts name={t('tab-files')} rows={shown.files} versions={shown.versions} only={only} digests />
      </Section>
      {shown.diffs.map((one) => (
        <Section key={`${one.path} ${one.other}`} title={<code>{one.path}</code>} aside={label(shown.versions.find((v) => v.version === one.other))} flush>
          <Difference text={one.diff} path={one.path} />
        </Section>
      ))}
    </Page>
  );
}

function label(version: VersionRef | undefined): string {
  return version ? `${version.model_name} ${version.number}` : '';
}

function Statistics({ shown, only }: { shown: Comparison; only: boolean }) {
  const { t, number, known } = useWords();
  const rows = shown.statistics.filter((row) => !only || new Set(row.values).size > 1);
  const columns: TableColumn<ComparedStatistic>[] = [
    { name: t('fit-statistic'), header: true, cell: (row) => row.label },
    { name: t('col-partition'), cell: (row) => known('partition', row.partition) },
    ...shown.versions.map((version, at) => ({
      name: label(version),
      numeric: true,
      cell: (row: ComparedStatistic) => {
        const value = row.values[at];
        if (value === null || value === undefined) return <span className="dim">{t('no-value')}</span>;
        return at === 0 ? number(value) : <Against row={row} value={value} />;
      },
    })),
  ];
  return <Table label={t('fit-title')} rows={rows} rowKey={(row) => `${row.name} ${row.partition}`} columns={columns} empty={<Empty title={t(only ? 'compare-same' : 'fit-none')} />} />;
}

/** A value with how far it is from the first version's, and whether that is better. */
function Against({ row, value }: { row: ComparedStatistic; value: number }) {
  const { t, number } = useWords();
  const base = row.values[0];
  const gap = base === null || base === undefined ? 0 : value - base;
  if (gap === 0 || row.better === 'none') return <>{number(value)}</>;
  const better = gap > 0 === (row.better === 'higher');
  const Icon = gap > 0 ? TrendingUp : TrendingDown;
  return (
    <span className={classes.against}>
      {number(value)}
      <span className={classes.gap} data-better={better}>
        <Icon size={13} aria-hidden /> {number(Math.abs(gap))} {t(better ? 'better' : 'worse')}
      </span>
    </span>
  );
}

function Texts({ name, rows, versions, only, digests = false }: { name: string; rows: readonly ComparedText[]; versions: readonly VersionRef[]; only: boolean; digests?: boolean }) {
  const { t } = useWords();
  const columns: TableColumn<ComparedText>[] = [
    { name: t('col-name'), header: true, cell: (row) => <span className={row.same ? undefined : classes.differs}>{row.name}</span> },
    ...versions.map((version, at) => ({
      name: label(version),
      cell: (row: ComparedText) => {
        const value = row.values[at];
        if (value === null || value === undefined) return <span className="dim">{t('not-there')}</span>;
        return digests ? <Digest value={value} /> : value;
      },
    })),
  ];
  return <Table label={name} rows={rows.filter((row) => !only || !row.same)} rowKey={(row) => row.name} columns={columns} empty={<Empty title={t(only ? 'compare-same' : 'nothing-here')} />} />;
}

/** A unified difference, its lines coloured by what they say; the signs stay, so colour is not needed. */
function Difference({ text, path }: { text: string; path: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a keyboard must be able to scroll it
    <pre className={classes.diff} tabIndex={0} aria-label={path}>
      {text.split('\n').map((line, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have an order and nothing else
        <span key={at} data-sign={line.startsWith('@@') ? '@' : line[0]}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
