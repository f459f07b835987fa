import { Button, NumberInput, SegmentedControl, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { CircleCheck, CloudCog, Plus, Trash2, TriangleAlert } from 'lucide-react';
import { useState } from 'react';

import type { TargetRow } from '../../api/bindings/TargetRow';
import { useRead, useWrite } from '../../api/query';
import { FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { CommandLine } from '../../parts/command';
import { Dialog } from '../../parts/dialog';
import { Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { useWords } from '../../words/words';
import { linesOf } from './submit';
import { RunsTabs } from './tabs';
import classes from './targets.module.css';

const KINDS = ['dataproc-cluster', 'dataproc-serverless', 'dataproc-workflow', 'dataproc-existing'] as const;
/** Kinds whose clusters are made after a template. */
const SHAPED: readonly string[] = ['dataproc-cluster', 'dataproc-workflow'];

/** Places where runs can go: this machine, and what was named in the cloud. */
export function Targets({ adding }: { adding: boolean }) {
  const { t } = useWords();
  const read = useRead('runs.targets', {});
  const [add, setAdd] = useState(adding);
  return (
    <Page
      title={t('targets-title')}
      lead={t('targets-lead')}
      actions={
        <Button variant="filled" leftSection={<Plus size={14} aria-hidden />} onClick={() => setAdd(true)}>
          {t('target-add')}
        </Button>
      }
    >
      <RunsTabs />
      {read.error && <FailureAdvice thrown={read.error} again={() => void read.refetch()} />}
      {read.isPending ? <PageLoading /> : (
        <ul className={classes.cards}>
          {(read.data ?? []).map((row) => (
            <li key={row.name}>
              <Card row={row} />
            </li>
          ))}
        </ul>
      )}
      <Dialog opened={add} onClose={() => setAdd(false)} title={t('target-add')} size="560px">
        {add && <Add onClose={() => setAdd(false)} />}
      </Dialog>
    </Page>
  );
}

function Card({ row }: { row: TargetRow }) {
  const { t, known, duration } = useWords();
  const remove = useWrite('runs.remove_target');
  const [sure, setSure] = useState(false);
  return (
    <Section
      title={
        <span className="line">
          <CloudCog size={15} aria-hidden /> {row.name}
        </span>
      }
      aside={
        <>
          <Badge tone={row.ready ? 'good' : 'warn'} icon={row.ready ? <CircleCheck aria-hidden /> : <TriangleAlert aria-hidden />}>
            {t(row.ready ? 'target-ready' : 'target-not-ready')}
          </Badge>
          {!row.built_in && (
            <Button size="compact-xs" variant="subtle" color="red" leftSection={<Trash2 size={13} aria-hidden />} onClick={() => setSure(true)} aria-label={t('target-remove', { name: row.name })}>
              {t('remove')}
            </Button>
          )}
        </>
      }
    >
      <div className="stack-tight">
        <p>
          <Ticks text={row.built_in ? known('built-in', row.name) : known('target-kind', row.kind)} />
        </p>
        <p className="small dim">
          <Ticks text={row.detail} />
        </p>
        <Pairs
          of={[
            [t('col-cloud-project'), row.cloud_project],
            [t('col-region'), row.region],
            [t('col-cluster'), row.cluster],
            [t('col-template'), row.template],
            [t('col-impersonate'), row.impersonate],
            [t('col-endpoint'), row.endpoint && <code>{row.endpoint}</code>],
            [t('target-services'), Object.entries(row.services).length > 0 && <code>{Object.entries(row.services).map(([service, address]) => `${service}=${address}`).join(' ')}</code>],
            [t('run-deadline'), row.built_in ? null : duration(row.deadline_s)],
            [t('target-stored'), row.stored ? t('yes') : null],
            [t('target-live'), row.live_runs > 0 ? row.live_runs : null],
            [t('col-named-by'), row.by && row.at && <>{row.by}, <Moment at={row.at} /></>],
          ]}
        />
      </div>
      <Dialog
        opened={sure}
        onClose={() => setSure(false)}
        title={t('target-remove', { name: row.name })}
        foot={
          <>
            <Button onClick={() => setSure(false)}>{t('back')}</Button>
            <Button variant="filled" color="red" loading={remove.isPending} onClick={() => remove.mutate({ target: row.name }, { onSuccess: () => setSure(false) })}>
              {t('remove')}
            </Button>
          </>
        }
      >
        <p>{t('target-remove-text')}</p>
        {remove.error && <FailureAdvice thrown={remove.error} />}
      </Dialog>
    </Section>
  );
}

function Add({ onClose }: { onClose: () => void }) {
  const { t, known } = useWords();
  const templates = useRead('runs.cluster_templates', {});
  const add = useWrite('runs.add_target');
  const [kind, setKind] = useState<string>('dataproc-cluster');
  const [typed, setTyped] = useState({ name: '', cloud_project: '', region: 'europe-west6', cluster: '', impersonate: '', endpoint: '' });
  const [template, setTemplate] = useState<string | null>(null);
  const [minutes, setMinutes] = useState<number | ''>('');
  const [stored, setStored] = useState(false);
  const [batch, setBatch] = useState(BATCH);
  const [services, setServices] = useState('');
  const [tried, setTried] = useState(false);
  const field = (name: keyof typeof typed) => ({
    value: typed[name],
    onChange: (event: { currentTarget: { value: string } }) => setTyped({ ...typed, [name]: event.currentTarget.value }),
  });
  const missing = (name: keyof typeof typed) => (tried && typed[name].trim() === '' ? t('required') : null);
  const needed: (keyof typeof typed)[] = ['name', 'cloud_project', 'region', ...(kind === 'dataproc-existing' ? (['cluster'] as const) : [])];
  const chosen = templates.data?.find((one) => one.name === template);
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (needed.some((name) => typed[name].trim() === '')) return;
        const given = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim()]).filter(([name, value]) => value !== '' && (name !== 'cluster' || kind === 'dataproc-existing')));
        add.mutate(
          { name: typed.name.trim(), kind, ...given, stored: stored && kind === 'dataproc-workflow', services: servicesOf(services), ...(minutes === '' ? {} : { deadline_s: minutes * 60 }), ...(SHAPED.includes(kind) && chosen ? { template: chosen.name, shape: chosen.shape } : {}), ...(kind === 'dataproc-serverless' ? { shape: batchShape(batch) } : {}) },
          { onSuccess: onClose },
        );
      }}
    >
      <SegmentedControl fullWidth aria-label={t('col-kind')} value={kind} onChange={setKind} data={KINDS.map((value) => ({ value, label: known('target-kind-short', value) }))} />
      <p className="small dim">{known('target-kind', kind)}</p>
      <TextInput label={t('col-name')} description={t('target-name-text')} required data-autofocus placeholder="churn-cluster" error={missing('name')} {...field('name')} />
      <div className="halves">
        <TextInput label={t('col-cloud-project')} required placeholder="my-project" error={missing('cloud_project')} {...field('cloud_project')} />
        <TextInput label={t('col-region')} required error={missing('region')} {...field('region')} />
      </div>
      {kind === 'dataproc-existing' && <TextInput label={t('col-cluster')} required error={missing('cluster')} {...field('cluster')} />}
      {SHAPED.includes(kind) && (
        <Select
          label={t('col-template')}
          description={t('target-template-text')}
          clearable
          data={(templates.data ?? []).map((one) => one.name)}
          value={template}
          onChange={setTemplate}
        />
      )}
      {chosen && <CommandLine text={chosen.told.command} />}
      {kind === 'dataproc-workflow' && <Switch label={t('target-stored')} description={t('target-stored-text')} checked={stored} onChange={(event) => setStored(event.currentTarget.checked)} />}
      {kind === 'dataproc-serverless' && <BatchFields batch={batch} onBatch={setBatch} />}
      <div className="halves">
        <TextInput label={t('col-impersonate')} description={t('target-impersonate-text')} {...field('impersonate')} />
        <TextInput label={t('col-endpoint')} description={t('target-endpoint-text')} placeholder="sandbox" {...field('endpoint')} />
      </div>
      <Textarea label={t('target-services')} description={t('target-services-text')} autosize minRows={1} maxRows={4} placeholder="storage=https://storage.example.com" value={services} onChange={(event) => setServices(event.currentTarget.value)} />
      <NumberInput label={t('submit-deadline')} description={t('target-deadline-text')} min={1} max={20_160} allowDecimal={false} placeholder="60" value={minutes} onChange={(value) => setMinutes(typeof value === 'number' ? value : '')} />
      {add.error && <FailureAdvice thrown={add.error} />}
      <div className="line" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={onClose}>{t('back')}</Button>
        <Button type="submit" variant="filled" loading={add.isPending}>
          {t('target-add')}
        </Button>
      </div>
    </form>
  );
}

/** What is typed as `service=address`, a line each; what is missing of one is for the rules to say. */
function servicesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    linesOf(text).map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

/** What is typed of a batch; lists a line each. */
const BATCH = { runtime_version: '2.3', container_image: '', service_account: '', subnetwork: '', staging_bucket: '', history_server: '', jars: '', python_files: '', network_tags: '' };
const BATCH_LINES = ['runtime_version', 'container_image', 'service_account', 'subnetwork', 'staging_bucket', 'history_server'] as const;
const BATCH_LISTS = ['jars', 'python_files', 'network_tags'] as const;
const BATCH_PLACEHOLDERS: Partial<Record<keyof typeof BATCH, string>> = {
  container_image: 'europe-west6-docker.pkg.dev/…',
  subnetwork: 'projects/…/regions/…/subnetworks/…',
  history_server: 'projects/…/regions/…/clusters/…',
  jars: 'gs://spark-lib/bigquery/spark-3.5-bigquery.jar',
  python_files: 'gs://…/helpers.zip',
};

/** The shape of a batch as it is kept: what was left empty is not said. */
function batchShape(batch: typeof BATCH): Record<string, string | string[]> {
  const said = BATCH_LINES.map((name) => [name, batch[name].trim()] as const).filter(([, value]) => value !== '');
  const lists = BATCH_LISTS.map((name) => [name, linesOf(batch[name])] as const).filter(([, list]) => list.length > 0);
  return Object.fromEntries([...said, ...lists]);
}

/** What a data engineer decides once about batches. */
function BatchFields({ batch, onBatch }: { batch: typeof BATCH; onBatch: (batch: typeof BATCH) => void }) {
  const { t } = useWords();
  const field = (name: keyof typeof BATCH) => ({
    label: t(`batch-${name.replace('_', '-')}`),
    placeholder: BATCH_PLACEHOLDERS[name] ?? '',
    value: batch[name],
    spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) => onBatch({ ...batch, [name]: event.currentTarget.value }),
  });
  return (
    <>
      <div className="halves">
        {BATCH_LINES.map((name) => (
          <TextInput key={name} {...field(name)} />
        ))}
      </div>
      <div className="halves">
        {BATCH_LISTS.map((name) => (
          <Textarea key={name} autosize minRows={2} description={t('batch-list-text')} {...field(name)} />
        ))}
      </div>
    </>
  );
}
