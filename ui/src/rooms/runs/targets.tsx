import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
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
  const { t, known } = useWords();
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
          { name: typed.name.trim(), kind, ...given, ...(SHAPED.includes(kind) && chosen ? { template: chosen.name, shape: chosen.shape } : {}) },
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
      <div className="halves">
        <TextInput label={t('col-impersonate')} description={t('target-impersonate-text')} {...field('impersonate')} />
        <TextInput label={t('col-endpoint')} description={t('target-endpoint-text')} placeholder="sandbox" {...field('endpoint')} />
      </div>
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
