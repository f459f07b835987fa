import { Button, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { FlaskConical, ServerOff, Zap } from 'lucide-react';
import { useState } from 'react';

import type { FaultRow } from '../../api/bindings/FaultRow';
import type { SandboxStatus } from '../../api/bindings/SandboxStatus';
import { useRead, useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { useWords } from '../../words/words';
import classes from './settings.module.css';

/** Faults as people choose them: what the sandbox is told for each. */
const FAULTS: Record<string, Omit<FaultRow, 'times' | 'after' | 'path'>> = {
  'too-many': { kind: 'status', code: 429, retry_after_s: 2 },
  broken: { kind: 'status', code: 500 },
  unavailable: { kind: 'status', code: 503 },
  'expired-token': { kind: 'status', code: 401 },
  denied: { kind: 'status', code: 403 },
  permission: { kind: 'permission' },
  quota: { kind: 'quota' },
  slow: { kind: 'latency', ms: 3000 },
  'dropped-before': { kind: 'drop_before' },
  'dropped-after': { kind: 'drop_after' },
  'cluster-stuck': { kind: 'cluster_stuck' },
  'cluster-error': { kind: 'cluster_error' },
  'cluster-survives': { kind: 'cluster_survives' },
  'job-error': { kind: 'job_error' },
  'job-without-output': { kind: 'job_without_output' },
  'job-unknown': { kind: 'job_unknown' },
};

/** Milliseconds between two looks while it runs: faults are used up by what runs meanwhile. */
const LOOK_MS = 3_000;

/** The Google Cloud on this machine: its switch, and what it is to do wrong. */
export function Sandbox() {
  const { t, number } = useWords();
  const read = useRead('runs.sandbox', {}, { refetchInterval: LOOK_MS });
  const start = useWrite('runs.start_sandbox');
  const stop = useWrite('runs.stop_sandbox');
  const [bucket, setBucket] = useState('');
  const [speed, setSpeed] = useState<number>(100);
  const status = read.data;
  const running = status?.running === true;
  const pending = start.isPending || stop.isPending;
  return (
    <Section
      title={t('sandbox')}
      aside={
        <Switch
          size="sm"
          label={t(running ? 'sandbox-on' : 'sandbox-off')}
          checked={running}
          disabled={!status || pending || (running && !status.ours)}
          onChange={(event) => (event.currentTarget.checked ? start.mutate({ speed, buckets: namesOf(bucket) }) : stop.mutate({}))}
        />
      }
    >
      <div className="stack">
        <p className="dim" data-text>
          {t('sandbox-text')}{' '}
          <Link to="/submit" search={{ kind: 'migrate', rehearse: true }}>
            {t('sandbox-rehearse')}
          </Link>
        </p>
        {read.error && <FailureAdvice thrown={read.error} again={() => void read.refetch()} />}
        {start.error && <FailureAdvice thrown={start.error} />}
        {stop.error && <FailureAdvice thrown={stop.error} />}
        {status && (
          <Pairs
            of={[
              [t('sandbox-where'), running && status.url ? <code>{status.url}</code> : null],
              [t('sandbox-folder'), <code>{status.folder}</code>],
              [t('sandbox-speed'), running ? t('sandbox-times', { n: number(status.speed, 0) }) : null],
              [t('buckets-title'), running ? (status.buckets.length === 0 ? <span className="dim">{t('sandbox-no-buckets')}</span> : <span className="line-wrap">{status.buckets.map((name) => <Link key={name} to="/buckets/$bucket" params={{ bucket: name }} search={{ endpoint: 'sandbox' }}>{name}</Link>)}</span>) : null],
            ]}
          />
        )}
        {running && !status.ours && <p className="dim small">{t('sandbox-not-ours')}</p>}
        <form
          className={classes.sandbox}
          onSubmit={(event) => {
            event.preventDefault();
            start.mutate({ speed, buckets: namesOf(bucket) }, { onSuccess: () => setBucket('') });
          }}
        >
          <TextInput label={t('sandbox-buckets')} description={t('sandbox-buckets-text')} placeholder="churn-rehearsal" value={bucket} onChange={(event) => setBucket(event.currentTarget.value)} />
          {!running && <NumberInput size="xs" label={t('sandbox-speed')} description={t('sandbox-speed-text')} min={1} max={10_000} value={speed} onChange={(value) => typeof value === 'number' && setSpeed(value)} />}
          <Button type="submit" leftSection={<FlaskConical size={14} aria-hidden />} loading={start.isPending} disabled={running && namesOf(bucket).length === 0}>
            {t(running ? 'sandbox-make-buckets' : 'sandbox-start')}
          </Button>
        </form>
        {running && <Faults status={status} />}
      </div>
    </Section>
  );
}

/** What it is told to do wrong, and what of that still waits. */
function Faults({ status }: { status: SandboxStatus }) {
  const { t, known } = useWords();
  const misbehave = useWrite('runs.misbehave');
  const [chosen, setChosen] = useState('too-many');
  const [times, setTimes] = useState(1);
  const [after, setAfter] = useState(0);
  const [path, setPath] = useState('');
  const fault = FAULTS[chosen];
  const ofRequests = fault?.kind === 'status' || fault?.kind === 'latency' || fault?.kind.startsWith('drop') === true;
  return (
    <div className="stack">
      <h3>{t('faults')}</h3>
      <p className="dim small">{t('faults-text')}</p>
      <form
        className={classes.faults}
        onSubmit={(event) => {
          event.preventDefault();
          if (fault) misbehave.mutate({ clear: false, faults: [{ ...fault, path: ofRequests ? path.trim() : '', after, times }] });
        }}
      >
        <Select label={t('fault')} data={Object.keys(FAULTS).map((value) => ({ value, label: t(`fault-${value}`) }))} value={chosen} onChange={(value) => setChosen(value ?? 'too-many')} />
        <NumberInput size="xs" label={t('fault-times')} min={1} max={1000} value={times} onChange={(value) => typeof value === 'number' && setTimes(value)} />
        <NumberInput size="xs" label={t('fault-after')} min={0} max={1000} value={after} onChange={(value) => typeof value === 'number' && setAfter(value)} />
        <TextInput label={t('fault-path')} placeholder="clusters" disabled={!ofRequests} value={path} onChange={(event) => setPath(event.currentTarget.value)} />
        <Button type="submit" leftSection={<Zap size={14} aria-hidden />} loading={misbehave.isPending}>
          {t('fault-add')}
        </Button>
      </form>
      {misbehave.error && <FailureAdvice thrown={misbehave.error} />}
      <div className="line-wrap" role="status">
        {status.faults.length === 0 ? (
          <span className="dim small">{t('faults-none')}</span>
        ) : (
          <>
            {status.faults.map((one, at) => (
              // oxlint-disable-next-line react/no-array-index-key -- equal faults wait in an order and have nothing else
              <Badge key={at} tone="warn">
                {known('fault-kind', one.kind)}
                {one.code ? ` ${one.code}` : ''} × {one.times}
                {one.path === '' ? '' : ` · ${one.path}`}
              </Badge>
            ))}
            <Button size="compact-xs" leftSection={<ServerOff size={13} aria-hidden />} onClick={() => misbehave.mutate({ clear: true, faults: [] })}>
              {t('faults-clear')}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

function namesOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '');
}
