import { Button, Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Brush, RefreshCw, ShieldCheck } from 'lucide-react';
import { useState } from 'react';

import type { LeftoverRow } from '../../api/bindings/LeftoverRow';
import { useRead, useWrite } from '../../api/query';
import { Advice, Empty, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge, type Tone } from '../../parts/badge';
import { Dialog } from '../../parts/dialog';
import { Ago } from '../../parts/moment';
import { Page, Section } from '../../parts/page';
import { Price } from '../../parts/price';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';
import { RunState } from './states';
import { RunsTabs } from './tabs';

const TONES: Record<string, Tone> = { none: 'bad', asked: 'accent', proven: 'good' };

/** Milliseconds between two looks while a deletion is awaited. */
const LOOK_MS = 2_000;

/** Everything in the cloud that carries our label, held against the ledger: what no live run owns can be swept. */
export function Leftovers() {
  const { t, known } = useWords();
  const [waiting, setWaiting] = useState(false);
  const read = useRead('runs.leftovers', {}, { refetchInterval: waiting ? LOOK_MS : false });
  const sweep = useWrite('runs.sweep');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [sure, setSure] = useState(false);
  const unreachable = (read.data ?? []).filter((row) => row.unreachable !== null);
  const rows = (read.data ?? []).filter((row) => row.unreachable === null);
  const orphans = rows.filter((row) => !row.live && row.sweep === 'none');
  const picked = orphans.filter((row) => chosen.has(row.resource));
  const pending = rows.some((row) => row.sweep === 'asked');
  if (waiting && !pending && !sweep.isPending) setWaiting(false);
  const total = costOf(orphans);
  const toggle = (resource: string) => {
    const next = new Set(chosen);
    if (!next.delete(resource)) next.add(resource);
    setChosen(next);
  };
  return (
    <Page
      title={t('leftovers')}
      lead={t('leftovers-lead')}
      actions={
        <>
          <Button leftSection={<RefreshCw size={14} aria-hidden />} loading={read.isFetching} onClick={() => void read.refetch()}>
            {t('leftovers-look')}
          </Button>
          <Button color="red" leftSection={<Brush size={14} aria-hidden />} disabled={picked.length === 0} onClick={() => setSure(true)}>
            {t('leftovers-sweep', { n: picked.length })}
          </Button>
        </>
      }
    >
      <RunsTabs />
      {read.error && <FailureAdvice thrown={read.error} again={() => void read.refetch()} />}
      {sweep.error && <FailureAdvice thrown={sweep.error} />}
      {unreachable.length > 0 && (
        <Advice tone="warn" title={t('leftovers-unreachable', { n: unreachable.length })}>
          <ul>
            {unreachable.map((row) => (
              <li key={`${row.resource} ${row.endpoint}`}>
                <code>{row.resource}</code>: <Ticks text={row.unreachable ?? ''} />
              </li>
            ))}
          </ul>
        </Advice>
      )}
      {orphans.length > 0 && (
        <Advice tone="warn" title={t('leftovers-found', { n: orphans.length })}>
          {total ? <>{t('leftovers-cost')} <Price of={total} dated /></> : t('leftovers-found-text')}
        </Advice>
      )}
      <Section flush>
        {read.data && rows.length === 0 && unreachable.length === 0 ? (
          <Empty icon={<ShieldCheck size={22} aria-hidden />} title={t('leftovers-none')}>
            {t('leftovers-none-text')}
          </Empty>
        ) : (
          <Table
            label={t('leftovers')}
            rows={rows}
            rowKey={(row) => row.resource}
            columns={[
              {
                name: t('leftovers-pick'),
                width: '44px',
                cell: (row) => (row.live || row.sweep !== 'none' ? null : <Checkbox aria-label={row.resource} checked={chosen.has(row.resource)} onChange={() => toggle(row.resource)} />),
              },
              { name: t('col-resource'), header: true, cell: (row) => <Resource row={row} /> },
              { name: t('col-state'), cell: (row) => row.state },
              { name: t('col-run'), cell: (row) => (row.run ? <span className="line-wrap"><Link to="/runs/$run" params={{ run: row.run }}>{row.run.slice(0, 10)}…</Link>{row.run_state && <RunState state={row.run_state} />}</span> : <span className="dim">{row.purpose ? known('leftovers-for', row.purpose) : t('leftovers-no-run')}</span>) },
              { name: t('col-since'), cell: (row) => row.since && <Ago at={row.since} /> },
              { name: t('cost'), numeric: true, cell: (row) => <Price of={row.cost} /> },
              { name: t('run-cleanup'), cell: (row) => (row.live ? <Badge tone="accent">{t(row.run ? 'leftovers-live' : 'leftovers-owned')}</Badge> : <Badge tone={TONES[row.sweep] ?? 'quiet'}>{t(`sweep-${row.sweep}`)}</Badge>) },
            ]}
          />
        )}
      </Section>
      <Dialog
        opened={sure}
        onClose={() => setSure(false)}
        title={t('leftovers-sure', { n: picked.length })}
        foot={
          <>
            <Button onClick={() => setSure(false)}>{t('back')}</Button>
            <Button
              variant="filled"
              color="red"
              data-autofocus
              onClick={() => {
                setSure(false);
                setWaiting(true);
                sweep.mutate({ resources: picked.map((row) => row.resource) }, { onSuccess: () => setChosen(new Set()) });
              }}
            >
              {t('leftovers-delete')}
            </Button>
          </>
        }
      >
        <p>{t('leftovers-sure-text')}</p>
        <ul>
          {picked.map((row) => (
            <li key={row.resource}>
              <code>{row.resource}</code>
            </li>
          ))}
        </ul>
      </Dialog>
    </Page>
  );
}

function Resource({ row }: { row: LeftoverRow }) {
  const { known } = useWords();
  const name = row.resource.split('/').at(-1) ?? row.resource;
  return (
    <span title={row.resource}>
      <span className="dim">{known('leftover', row.kind)}</span> <code>{name}</code>
    </span>
  );
}

/** What they cost together, where all are in one currency. */
function costOf(rows: readonly LeftoverRow[]): LeftoverRow['cost'] {
  const [first, ...rest] = rows.flatMap((row) => (row.cost ? [row.cost] : []));
  if (!first || rest.some((cost) => cost.currency !== first.currency)) return null;
  return { ...first, amount: rest.reduce((sum, cost) => sum + cost.amount, first.amount) };
}
