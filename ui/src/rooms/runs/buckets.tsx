import { Button, Progress, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowUpFromLine, Cylinder, File, Folder, FolderUp, Upload } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';

import type { BucketRow } from '../../api/bindings/BucketRow';
import { host } from '../../api/call';
import { useRead, useWrite } from '../../api/query';
import { Advice, Empty, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Ago } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';
import classes from './buckets.module.css';
import { linesOf } from './submit';
import { RunsTabs } from './tabs';

/** The buckets this desk knows, and which version lies ready in each. */
export function Buckets() {
  const { t, known } = useWords();
  const read = useRead('runs.buckets', {});
  const reconcile = useWrite('runs.reconcile');
  return (
    <Page
      title={t('buckets-title')}
      lead={t('buckets-lead')}
      actions={
        <Button loading={reconcile.isPending} onClick={() => reconcile.mutate({})}>
          {t('buckets-reconcile')}
        </Button>
      }
    >
      <RunsTabs />
      {read.error && <FailureAdvice thrown={read.error} again={() => void read.refetch()} />}
      {reconcile.error && <FailureAdvice thrown={reconcile.error} />}
      {reconcile.data && <Reconciled differing={reconcile.data.filter((row) => row.differs.length > 0).length} unreachable={reconcile.data.flatMap((row) => (row.unreachable ? [row.unreachable] : []))} all={reconcile.data.length} />}
      <OpenBucket />
      {read.isPending ? <PageLoading /> : (
        <Section flush>
          <Table
            label={t('buckets-title')}
            rows={read.data ?? []}
            rowKey={(row) => `${row.kind} ${row.name}`}
            empty={
              <Empty icon={<Cylinder size={22} aria-hidden />} title={t('buckets-none')}>
                {t('buckets-none-text')}
              </Empty>
            }
            columns={[
              {
                name: t('col-name'),
                header: true,
                cell: (row) => (
                  <Link to="/buckets/$bucket" params={{ bucket: row.name }} search={row.endpoint ? { endpoint: row.endpoint } : {}}>
                    {row.name}
                  </Link>
                ),
              },
              { name: t('col-kind'), cell: (row) => known('bucket-kind', row.kind) },
              { name: t('bucket-ready'), cell: (row) => row.version && <Link to="/versions/$version" params={{ version: row.version }}>{row.version_label}</Link> },
              { name: t('col-state'), cell: (row) => <Agrees row={row} /> },
              { name: t('col-place'), cell: (row) => <code>{row.place}</code> },
            ]}
          />
        </Section>
      )}
    </Page>
  );
}

/** Opens a bucket that nothing was migrated to yet, by the sign-in of a target. */
function OpenBucket() {
  const { t } = useWords();
  const navigate = useNavigate();
  const targets = useRead('runs.targets', {});
  const [name, setName] = useState('');
  const [target, setTarget] = useState('');
  const bucket = name.trim().replace(/^gs:\/\//, '').replace(/\/+$/, '');
  return (
    <form
      className="line-wrap"
      style={{ alignItems: 'flex-end' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (bucket !== '') void navigate({ to: '/buckets/$bucket', params: { bucket }, search: target === '' ? {} : { target } });
      }}
    >
      <TextInput label={t('bucket-open-name')} placeholder="gs://…" value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Select
        label={t('bucket-open-target')}
        data={[{ value: '', label: t('bucket-open-desk') }, ...(targets.data ?? []).filter((one) => one.kind.startsWith('dataproc')).map((one) => ({ value: one.name, label: one.name }))]}
        value={target}
        onChange={(value) => setTarget(value ?? '')}
      />
      <Button type="submit" disabled={bucket === ''}>
        {t('bucket-open')}
      </Button>
    </form>
  );
}

function Reconciled({ differing, unreachable, all }: { differing: number; unreachable: string[]; all: number }) {
  const { t } = useWords();
  return (
    <div role="status">
      <Advice tone={differing > 0 ? 'bad' : unreachable.length > 0 ? 'warn' : 'good'} title={differing > 0 ? t('reconcile-differs', { n: differing }) : t('reconcile-agrees', { n: all - unreachable.length })}>
        {unreachable.map((why) => (
          <p key={why}>
            <Ticks text={why} />
          </p>
        ))}
      </Advice>
    </div>
  );
}

function Agrees({ row }: { row: BucketRow }) {
  const { t } = useWords();
  if (row.version === null) return <span className="dim">{t('bucket-nothing-ready')}</span>;
  return row.differs.length === 0 ? <Badge tone="good">{t('bucket-agrees')}</Badge> : <Badge tone="bad">{t('bucket-differs', { n: row.differs.length })}</Badge>;
}

/** One bucket, a folder at a time, with a place to drop files on. */
export function BucketBrowser({ bucket, endpoint, target, prefix }: { bucket: string; endpoint: string | undefined; target: string | undefined; prefix: string }) {
  const { t, size } = useWords();
  const navigate = useNavigate();
  const where = { bucket, ...(endpoint === undefined ? {} : { endpoint }), ...(target === undefined ? {} : { target }) };
  // The page of the folder that is shown: where it begins, and of which folder that is.
  const [begins, setBegins] = useState<{ prefix: string; after: string } | null>(null);
  const after = begins?.prefix === prefix ? begins.after : undefined;
  const listing = useRead('runs.list_objects', { ...where, prefix, ...(after === undefined ? {} : { after }) }, { keep: true });
  const next = listing.data?.next ?? null;
  const buckets = useRead('runs.buckets', {});
  const row = buckets.data?.find((one) => one.name === bucket && (one.endpoint ?? undefined) === endpoint);
  const go = (to: string) => void navigate({ to: '/buckets/$bucket', params: { bucket }, search: { ...(endpoint === undefined ? {} : { endpoint }), ...(target === undefined ? {} : { target }), ...(to === '' ? {} : { prefix: to }) } });
  const parts = prefix.split('/').filter((part) => part !== '');
  const entries = [
    ...(listing.data?.folders ?? []).map((name) => ({ name, folder: true, size: null as number | null, at: null as string | null })),
    ...(listing.data?.objects ?? []).map((one) => ({ name: one.name, folder: false, size: one.size_bytes, at: one.modified_at })),
  ];
  return (
    <Page
      title={bucket}
      crumbs={[<Link to="/runs">{t('nav-runs')}</Link>, <Link to="/buckets">{t('buckets-title')}</Link>]}
      badges={row && <Agrees row={row} />}
      lead={
        <span className={classes.path}>
          <button type="button" onClick={() => go('')}>{row?.place ?? bucket}</button>
          {parts.map((part, at) => (
            <span key={parts.slice(0, at + 1).join('/')}>
              {' / '}
              {at === parts.length - 1 ? <strong>{part}</strong> : <button type="button" onClick={() => go(`${parts.slice(0, at + 1).join('/')}/`)}>{part}</button>}
            </span>
          ))}
        </span>
      }
    >
      {row && row.differs.length > 0 && (
        <Advice tone="bad" title={t('bucket-not-approved', { n: row.differs.length })}>
          <ul>
            {row.differs.map((one) => (
              <li key={`${one.path} ${one.how}`}>
                {one.path && <code>{one.path}</code>} <Ticks text={one.how} />
              </li>
            ))}
          </ul>
        </Advice>
      )}
      {listing.error && <FailureAdvice thrown={listing.error} again={() => void listing.refetch()} />}
      <div className="columns">
        <Section
          flush
          title={t('objects')}
          aside={prefix !== '' && (
            <Button size="compact-xs" leftSection={<FolderUp size={13} aria-hidden />} onClick={() => go(parts.length > 1 ? `${parts.slice(0, -1).join('/')}/` : '')}>
              {t('folder-up')}
            </Button>
          )}
        >
          {listing.isPending ? <div style={{ height: 220 }} aria-busy="true" /> : (
            <Table
              label={t('objects')}
              rows={entries}
              rowKey={(one) => one.name}
              empty={<Empty icon={<Folder size={22} aria-hidden />} title={t('objects-none')}>{t('objects-none-text')}</Empty>}
              columns={[
                {
                  name: t('col-name'),
                  header: true,
                  cell: (one) => {
                    const name = one.name.slice(prefix.length);
                    return one.folder ? (
                      <button type="button" className={classes.folder} onClick={() => go(one.name)}>
                        <Folder size={14} aria-hidden /> {name}
                      </button>
                    ) : (
                      <span className={classes.object}>
                        <File size={14} aria-hidden /> {name}
                      </span>
                    );
                  },
                },
                { name: t('col-size'), numeric: true, cell: (one) => (one.size === null ? '' : size(one.size)) },
                { name: t('col-modified'), cell: (one) => (one.at === null ? '' : <Ago at={one.at} />) },
              ]}
            />
          )}
          {(next !== null || after !== undefined) && (
            <div className="line" style={{ padding: '6px 16px' }}>
              {after !== undefined && (
                <Button size="compact-xs" onClick={() => setBegins(null)}>
                  {t('objects-first')}
                </Button>
              )}
              {next !== null && (
                <Button size="compact-xs" loading={listing.isFetching} onClick={() => setBegins({ prefix, after: next })}>
                  {t('objects-more')}
                </Button>
              )}
            </div>
          )}
        </Section>
        <Drop key={bucket} where={where} prefix={prefix} scorable={row?.version !== null && row?.version !== undefined} label={row?.version_label ?? ''} />
      </div>
    </Page>
  );
}

/** Milliseconds between two looks at an upload. */
const UPLOAD_LOOK_MS = 700;

/** A place to let files and folders go on: they are uploaded into this folder, or scored with the version that lies ready. */
function Drop({ where, prefix, scorable, label }: { where: { bucket: string; endpoint?: string; target?: string }; prefix: string; scorable: boolean; label: string }) {
  const { t, size } = useWords();
  const upload = useWrite('runs.upload');
  const stop = useWrite('runs.stop_upload');
  const [name] = useState(() => `${Date.now()}-${Math.random()}`);
  const uploads = useRead('runs.uploads', {}, { enabled: upload.isPending, refetchInterval: upload.isPending ? UPLOAD_LOOK_MS : false });
  const under = upload.isPending ? uploads.data?.find((one) => one.upload === name) : undefined;
  const [score, setScore] = useState(false);
  const [paths, setPaths] = useState('');
  const files = linesOf(paths);
  const scoring = score && scorable;
  const take = useCallback((dropped: string[]) => setPaths((before) => [...new Set([...linesOf(before), ...dropped])].join('\n')), []);
  const over = useDropped(take);
  return (
    <Section title={t(scoring ? 'drop-score' : 'drop-upload')}>
      <form
        className="stack"
        data-over={over}
        onSubmit={(event) => {
          event.preventDefault();
          if (files.length > 0) upload.mutate({ ...where, prefix: scoring ? '' : prefix, files, score: scoring, upload: name }, { onSuccess: () => setPaths('') });
        }}
      >
        <div className={classes.drop} data-over={over}>
          <ArrowUpFromLine size={20} aria-hidden />
          <p className="dim">{t(scoring ? 'drop-text-score' : 'drop-text', { label })}</p>
        </div>
        <Textarea label={t('drop-paths')} description={t('drop-paths-text')} placeholder="/home/…/customers.csv" value={paths} onChange={(event) => setPaths(event.currentTarget.value)} spellCheck={false} />
        <Switch label={t('drop-score-switch')} description={t(scorable ? 'drop-score-switch-text' : 'drop-score-none', { label })} disabled={!scorable} checked={scoring} onChange={(event) => setScore(event.currentTarget.checked)} />
        {upload.error && <FailureAdvice thrown={upload.error} />}
        {upload.data && (
          <div role="status">
            <Advice tone="good" title={t('drop-done', { n: upload.data.length })}>
              <ul className={classes.done}>
                {upload.data.map((one) => (
                  <li key={one.name}>
                    <code>{one.name}</code> · {size(one.size_bytes)}
                  </li>
                ))}
              </ul>
            </Advice>
          </div>
        )}
        {under && (
          <div className="stack-tight">
            <Progress value={under.size_bytes === 0 ? 0 : (100 * under.sent_bytes) / under.size_bytes} aria-label={t('drop-progress')} />
            <div className="spread">
              <span className="small dim">{t('drop-sent', { done: under.files_done, files: under.files, sent: size(under.sent_bytes), all: size(under.size_bytes) })}</span>
              <Button size="compact-xs" color="red" variant="subtle" loading={stop.isPending} onClick={() => stop.mutate({ upload: name })}>
                {t('drop-stop')}
              </Button>
            </div>
          </div>
        )}
        <Button type="submit" variant="filled" disabled={files.length === 0} loading={upload.isPending} leftSection={<Upload size={14} aria-hidden />}>
          {t(scoring ? 'drop-go-score' : 'drop-go', { n: files.length })}
        </Button>
      </form>
    </Section>
  );
}

/** Whether files are over the window; what is let go is handed on, whichever it is. */
function useDropped(take: (paths: string[]) => void): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let stop: (() => void) | null = null;
    let gone = false;
    void host().then((one) => {
      if (gone) return;
      stop = one.onDrop((drop) => {
        setOver(drop.kind === 'over');
        if (drop.kind === 'dropped') take(drop.paths);
      });
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, [take]);
  return over;
}
