import { Button, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';

import type { AlertRule } from '../../api/bindings/AlertRule';
import type { DataColumnRow } from '../../api/bindings/DataColumnRow';
import type { DataPreview } from '../../api/bindings/DataPreview';
import type { MonitorTerms } from '../../api/bindings/MonitorTerms';
import { useRead, useWrite } from '../../api/query';
import { Advice, FailureAdvice } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Page, PageLoading, Section } from '../../parts/page';
import { PathField } from '../../parts/path-field';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';
import { Level } from './health';
import classes from './monitoring.module.css';

/** Levels listed beside a column, at most. */
const LEVELS_SHOWN = 6;
/** Files listed, at most: the latest. */
const FILES_SHOWN = 8;
const CADENCES = ['', 'P1D', 'P7D', 'P1M', 'P3M'];
const PERIODS = ['day', 'week', 'month', 'quarter'];

/** Numbers whose course is told, each with what its threshold is when none is given: of events, and of predicted numbers. */
const OF_EVENTS = [['gini', 'gini'], ['ks', 'lower'], ['c', 'lower'], ['lift10', 'lower'], ['ase', 'higher'], ['score_psi', 'psi']] as const;
const OF_NUMBERS = [['r2', 'lower'], ['ase', 'higher'], ['mae', 'higher'], ['score_psi', 'psi']] as const;

export interface DefineSearch {
  version?: string | undefined;
  monitor?: string | undefined;
}

/** Defines a monitor, or changes one: which model, which data, what the columns mean, how often, and what raises an alert. */
export function Define({ search }: { search: DefineSearch }) {
  const { t } = useWords();
  const known = useRead('monitoring.show', { monitor: search.monitor ?? '' }, { enabled: search.monitor !== undefined });
  if (search.monitor === undefined) return <Steps key={search.version ?? ''} version={search.version ?? null} />;
  if (known.error) {
    return (
      <Page title={t('monitor-change')}>
        <FailureAdvice thrown={known.error} again={() => void known.refetch()} />
      </Page>
    );
  }
  if (!known.data) return <PageLoading />;
  return <Steps key={search.monitor} version={known.data.monitor.version} change={{ id: search.monitor, name: known.data.monitor.name, terms: known.data.terms, reports: known.data.monitor.reports }} />;
}

interface Change {
  id: string;
  name: string;
  terms: MonitorTerms;
  reports: number;
}

function Steps({ version: first, change }: { version: string | null; change?: Change }) {
  const { t } = useWords();
  const models = useRead('registry.list_models', { page: { limit: 500, sort: 'name' } });
  const [version, setVersion] = useState(first);
  const [folder, setFolder] = useState(change?.terms.data.folder ?? '');
  const [bucket, setBucket] = useState(change?.terms.data.bucket ?? '');
  const [through, setThrough] = useState<string | null>(change?.terms.data.target ?? null);
  const [pattern, setPattern] = useState(change?.terms.data.pattern ?? '*');
  const [delimiter, setDelimiter] = useState(change?.terms.delimiter ?? '');
  const [asked, setAsked] = useState<Asked | null>(
    change && first ? { version: first, data: change.terms.data, ...(change.terms.delimiter ? { delimiter: change.terms.delimiter } : {}) } : null,
  );
  const preview = useRead('monitoring.preview', asked ?? { version: '', data: { folder: '', pattern: '*' } }, { enabled: asked !== null });
  const targets = useRead('runs.targets', {});
  const options = (models.data?.rows ?? []).map((row) => ({ value: row.latest.version, label: `${row.name} ${row.latest.number}` }));
  return (
    <Page
      title={change ? t('monitor-change-title', { name: change.name }) : t('monitor-define')}
      crumbs={[<Link to="/monitoring">{t('nav-monitoring')}</Link>]}
      lead={t('define-lead')}
    >
      <Section title={t('define-what')}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (version === null) return;
            const next: Asked = { version, ...(delimiter === '' ? {} : { delimiter }), data: { ...(bucket.trim() === '' ? {} : { bucket: bucket.trim(), ...(through === null ? {} : { target: through }) }), folder: folder.trim(), pattern: pattern.trim() === '' ? '*' : pattern.trim() } };
            if (JSON.stringify(next) === JSON.stringify(asked)) void preview.refetch();
            setAsked(next);
          }}
        >
          <div className={classes.mapping}>
            <Select
              label={t('define-model')}
              required
              searchable
              disabled={change !== undefined}
              data={version !== null && !options.some((one) => one.value === version) ? [{ value: version, label: version }, ...options] : options}
              value={version}
              onChange={setVersion}
              nothingFoundMessage={t('nothing-here')}
            />
            <TextInput label={t('define-bucket')} description={t('define-bucket-text')} value={bucket} onChange={(event) => setBucket(event.currentTarget.value)} />
            {bucket.trim() !== '' && (
              <Select
                label={t('define-through')}
                description={t('define-through-text')}
                clearable
                placeholder={t('define-through-none')}
                data={[...new Set([...(through === null ? [] : [through]), ...(targets.data ?? []).filter((target) => target.kind.startsWith('dataproc')).map((target) => target.name)])]}
                value={through}
                onChange={setThrough}
              />
            )}
            <TextInput label={t('define-pattern')} description={t('define-pattern-text')} value={pattern} onChange={(event) => setPattern(event.currentTarget.value)} />
            <TextInput label={t('terms-delimiter')} description={t('define-delimiter-text')} value={delimiter} maxLength={3} onChange={(event) => setDelimiter(event.currentTarget.value)} />
          </div>
          <PathField label={t(bucket.trim() === '' ? 'define-folder' : 'define-prefix')} what="folder" placeholder="/home/…/scored" value={folder} onValue={setFolder}>
            <Button type="submit" variant={preview.data ? 'default' : 'filled'} loading={preview.isFetching} disabled={version === null || folder.trim() === ''}>
              {t('define-look')}
            </Button>
          </PathField>
        </form>
      </Section>
      {preview.error && asked && <FailureAdvice thrown={preview.error} />}
      {preview.data && asked && !preview.error && <Rest key={JSON.stringify(asked)} asked={asked} preview={preview.data} {...(change ? { change } : {})} />}
    </Page>
  );
}

/** What the data were looked at with. */
interface Asked {
  version: string;
  data: MonitorTerms['data'];
  /** Between the fields of a CSV file; guessed without it. */
  delimiter?: string;
}

function Rest({ asked, preview, change }: { asked: Asked; preview: DataPreview; change?: Change }) {
  const { t, size, known } = useWords();
  const navigate = useNavigate();
  const [terms, setTerms] = useState<MonitorTerms>(() => (change ? changed(change.terms, asked) : preview.terms));
  const [name, setName] = useState(change?.name ?? '');
  const [tried, setTried] = useState(false);
  const define = useWrite('monitoring.define');
  const alter = useWrite('monitoring.change');
  const people = useRead('people.list', {});
  const targets = useRead('runs.targets', {});
  const set = (part: Partial<MonitorTerms>) => setTerms({ ...terms, ...part });
  const target = preview.columns.find((column) => column.name === terms.target);
  // Of more levels than are listed nobody would call one the event: a number is predicted, which has no Gini.
  const thresholds = terms.event === undefined && target !== undefined && target.numeric && target.levels.length === 0 ? OF_NUMBERS : OF_EVENTS;
  const drop = (key: 'target' | 'event' | 'score' | 'weight' | 'inputs' | 'time' | 'cadence' | 'runs_on' | 'unlabelled_share_max') => setTerms(Object.fromEntries(Object.entries(terms).filter(([one]) => one !== key)) as unknown as MonitorTerms);
  const columns = preview.columns.map((column) => column.name);
  const numbers = preview.columns.filter((column) => column.numeric).map((column) => column.name);
  const levels = target?.levels ?? [];
  const nameless = name.trim() === '';
  const choose = (key: 'target' | 'event' | 'score' | 'weight', value: string | null) => (value === null || value === '' ? drop(key) : set({ [key]: value }));
  const submit = () => {
    setTried(true);
    if (nameless) return;
    if (change) {
      alter.mutate({ monitor: change.id, terms }, { onSuccess: () => void navigate({ to: '/monitoring/$monitor', params: { monitor: change.id } }) });
      return;
    }
    define.mutate({ version: asked.version, name: name.trim(), terms }, { onSuccess: (made) => void navigate({ to: '/monitoring/$monitor', params: { monitor: made.id } }) });
  };
  return (
    <>
      <div className="halves">
        <Section title={t('define-files', { n: preview.files.length })} flush>
          <Table
            label={t('define-files', { n: preview.files.length })}
            rows={preview.files.slice(-FILES_SHOWN)}
            rowKey={(row) => row.name}
            columns={[
              { name: t('col-file'), header: true, cell: (row) => <code>{row.name}</code> },
              { name: t('col-size'), numeric: true, cell: (row) => size(row.size_bytes) },
            ]}
          />
        </Section>
        <Section title={t('define-columns', { n: preview.columns.length })} flush>
          <ColumnTable columns={preview.columns} />
        </Section>
      </div>
      {preview.missing.length > 0 && (
        <Advice tone="warn" title={t('define-missing')}>
          <code>{preview.missing.join(', ')}</code>
        </Advice>
      )}
      <Section title={t('define-mapping')}>
        <div className={classes.mapping}>
          <Select label={t('terms-target')} clearable searchable data={columns} value={terms.target ?? null} onChange={(value) => choose('target', value)} />
          {levels.length > 0 ? (
            <Select label={t('terms-event')} clearable data={levels} value={terms.event ?? null} onChange={(value) => choose('event', value)} disabled={!terms.target} />
          ) : (
            <TextInput label={t('terms-event')} value={terms.event ?? ''} onChange={(event) => choose('event', event.currentTarget.value)} disabled={!terms.target} />
          )}
          <Select label={t('terms-score')} clearable searchable data={numbers} value={terms.score ?? null} onChange={(value) => choose('score', value)} />
          <Select label={t('terms-weight')} clearable searchable data={numbers} value={terms.weight ?? null} onChange={(value) => choose('weight', value)} />
          <NumberInput size="xs" label={t('terms-cutoff')} min={0} max={1} step={0.05} value={terms.cutoff} onChange={(value) => set({ cutoff: typeof value === 'number' ? value : 0.5 })} />
        </div>
        <div className={classes.mapping} style={{ marginTop: 12 }}>
          <MultiSelect
            size="xs"
            label={t('terms-inputs')}
            description={t('define-inputs-text')}
            searchable
            clearable
            data={columns}
            value={terms.inputs ?? []}
            onChange={(values) => (values.length === 0 ? drop('inputs') : set({ inputs: values }))}
          />
          <MultiSelect size="xs" label={t('terms-groups')} description={t('define-groups-text')} searchable clearable data={columns} value={terms.groups ?? []} onChange={(values) => set({ groups: values })} />
        </div>
      </Section>
      <Section title={t('define-when')}>
        <div className={classes.mapping}>
          <Select
            label={t('terms-cadence')}
            value={terms.cadence ?? ''}
            onChange={(value) => (value ? set({ cadence: value }) : drop('cadence'))}
            data={[...new Set([...CADENCES, terms.cadence ?? ''])].map((value) => ({ value, label: value === '' ? t('monitor-on-data') : known('cadence', value) }))}
          />
          <Select
            label={t('terms-time')}
            clearable
            searchable
            placeholder={t('define-by-file')}
            data={columns}
            value={terms.time?.column ?? null}
            onChange={(value) => (value ? set({ time: { column: value, period: terms.time?.period ?? 'month' } }) : drop('time'))}
          />
          {terms.time && (
            <Select label={t('define-period')} value={terms.time.period} onChange={(value) => set({ time: { column: terms.time?.column ?? '', period: value ?? 'month' } })} data={PERIODS.map((value) => ({ value, label: t(`period-${value}`) }))} />
          )}
          <Select
            label={t('terms-baseline')}
            value={terms.baseline.kind}
            onChange={(value) => set({ baseline: value === 'file' ? { kind: 'file', file: '' } : value === 'training' ? { kind: 'training' } : { kind: 'first-period' } })}
            data={['first-period', 'training', 'file'].map((value) => ({ value, label: known('baseline', value) }))}
          />
          {terms.baseline.kind === 'file' && <TextInput label={t('define-baseline-file')} value={terms.baseline.file} onChange={(event) => set({ baseline: { kind: 'file', file: event.currentTarget.value } })} />}
          <Select
            label={t('terms-runs-on')}
            clearable
            placeholder={t('define-runs-here')}
            value={terms.runs_on ?? null}
            onChange={(value) => (value ? set({ runs_on: value }) : drop('runs_on'))}
            data={[...new Set([...(terms.runs_on ? [terms.runs_on] : []), ...(targets.data ?? []).filter((one) => one.kind !== 'bucket').map((one) => one.name)])]}
          />
          <Select
            label={t('terms-owner')}
            searchable
            value={terms.owner}
            onChange={(value) => value && set({ owner: value })}
            data={[...new Set([terms.owner, ...(people.data?.members ?? []).map((member) => member.name)])]}
          />
          <NumberInput
            size="xs"
            label={t('terms-unlabelled')}
            description={t('define-unlabelled-text')}
            min={0}
            max={100}
            step={1}
            suffix=" %"
            value={terms.unlabelled_share_max === undefined ? '' : terms.unlabelled_share_max * 100}
            onChange={(value) => (typeof value === 'number' ? set({ unlabelled_share_max: value / 100 }) : drop('unlabelled_share_max'))}
          />
        </div>
      </Section>
      <Section title={t('define-thresholds')}>
        <div className={classes.mapping}>
          {thresholds.map(([metric, otherwise]) => (
            <NumberInput
              key={metric}
              size="xs"
              label={t(`define-threshold-${metric.replace('_', '-')}`)}
              description={t(`define-thresholds-${otherwise}`)}
              step={0.01}
              value={terms.thresholds?.[metric] ?? ''}
              onChange={(value) => set({ thresholds: { ...Object.fromEntries(Object.entries(terms.thresholds ?? {}).filter(([one]) => one !== metric)), ...(typeof value === 'number' ? { [metric]: value } : {}) } })}
            />
          ))}
        </div>
      </Section>
      <Rules rules={terms.rules} onRules={(rules) => set({ rules })} {...(change && change.reports > 0 ? { monitor: change.id } : {})} />
      <Section title={t('define-name')}>
        <div className="stack">
          <TextInput
            label={t('col-name')}
            required
            disabled={change !== undefined}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={tried && nameless ? t('define-nameless') : null}
          />
          {(define.error ?? alter.error) && <FailureAdvice thrown={define.error ?? alter.error} />}
          <div className="line-wrap" style={{ justifyContent: 'flex-end' }}>
            <Button variant="filled" loading={define.isPending || alter.isPending} onClick={submit}>
              {t(change ? 'define-change' : 'monitor-define')}
            </Button>
          </div>
        </div>
      </Section>
    </>
  );
}

/** Terms that stood, on the data that were looked at. */
function changed(terms: MonitorTerms, asked: Asked): MonitorTerms {
  const { delimiter: _, ...rest } = terms;
  return { ...rest, data: asked.data, ...(asked.delimiter === undefined ? {} : { delimiter: asked.delimiter }) };
}

/** The columns of the data, and what each is most likely for. */
function ColumnTable({ columns }: { columns: readonly DataColumnRow[] }) {
  const { t, known } = useWords();
  return (
    <div style={{ maxHeight: 320, overflow: 'auto' }}>
      <Table
        label={t('define-columns', { n: columns.length })}
        rows={columns}
        rowKey={(row) => row.name}
        columns={[
          { name: t('col-column'), header: true, cell: (row) => <code>{row.name}</code> },
          { name: t('col-kind'), cell: (row) => t(row.numeric ? 'column-number' : 'column-text') },
          { name: t('col-part'), cell: (row) => (row.part === 'other' ? '' : <Badge tone={row.part === 'input' ? 'quiet' : 'accent'}>{known('part', row.part)}</Badge>) },
          { name: t('col-levels'), cell: (row) => <span className="dim">{row.levels.slice(0, LEVELS_SHOWN).join(', ')}{row.levels.length > LEVELS_SHOWN ? ' …' : ''}</span> },
        ]}
      />
    </div>
  );
}

/** Alert rules, with what they would have said in every period of the latest report. */
function Rules({ rules, onRules, monitor }: { rules: readonly AlertRule[]; onRules: (rules: AlertRule[]) => void; monitor?: string }) {
  const { t, known } = useWords();
  const [dry, setDry] = useState<readonly AlertRule[] | null>(null);
  const tried = useRead('monitoring.dry_run', { monitor: monitor ?? '', rules: [...(dry ?? [])] }, { enabled: dry !== null && monitor !== undefined });
  const at = (index: number, part: Partial<AlertRule>) => onRules(rules.map((rule, place) => (place === index ? { ...rule, ...part } : rule)));
  return (
    <Section title={t('terms-rules')}>
      <div className={classes.rules}>
        <p className="dim small">{t('define-rules-text')}</p>
        {rules.map((rule, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- rules have an order, and two may read the same while one is typed
          <div key={index} className={classes.rule}>
            <Select
              aria-label={t('rule-level', { n: index + 1 })}
              value={rule.level}
              onChange={(value) => at(index, { level: value === 'alert' ? 'alert' : 'warning' })}
              data={['warning', 'alert'].map((value) => ({ value, label: known('alert-level', value) }))}
            />
            <TextInput aria-label={t('rule-when', { n: index + 1 })} className="mono" value={rule.when} onChange={(event) => at(index, { when: event.currentTarget.value })} />
            <Button variant="subtle" color="gray" aria-label={t('rule-remove', { n: index + 1 })} onClick={() => onRules(rules.filter((_, place) => place !== index))}>
              <X size={14} aria-hidden />
            </Button>
          </div>
        ))}
        <div className="line-wrap">
          <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => onRules([...rules, { level: 'warning', when: '' }])}>
            {t('rule-add')}
          </Button>
          {monitor !== undefined ? (
            <Button loading={tried.isFetching} onClick={() => setDry(rules)}>
              {t('rule-dry-run')}
            </Button>
          ) : (
            <span className="dim small">{t('rule-dry-run-later')}</span>
          )}
        </div>
        {tried.error && dry !== null && <FailureAdvice thrown={tried.error} />}
        {tried.data && dry !== null && (
          <Table
            label={t('rule-dry-run')}
            rows={tried.data.periods}
            rowKey={(row) => row}
            columns={[
              { name: t('col-period'), header: true, cell: (row) => row },
              {
                name: t('rule-would'),
                cell: (row) => {
                  const fired = tried.data.fired.filter((alert) => alert.period === row);
                  return fired.length === 0 ? (
                    <span className="dim">{t('rule-quiet')}</span>
                  ) : (
                    <span className="stack-tight">
                      {fired.map((alert) => (
                        <span key={alert.rule} className="line-wrap">
                          <Level of={alert.level} />
                          <code>{alert.rule}</code>
                        </span>
                      ))}
                    </span>
                  );
                },
              },
            ]}
          />
        )}
        {tried.data && dry !== null && tried.data.unjudged.length > 0 && (
          <Advice tone="info" title={t('rule-unjudged')}>
            <ul className={classes.reasons}>
              {tried.data.unjudged.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </Advice>
        )}
      </div>
    </Section>
  );
}
