import { Button, Progress, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { BookCheck, ShieldCheck, ShieldX } from 'lucide-react';
import { useEffect, useRef } from 'react';

import type { EntryRow } from '../../api/bindings/EntryRow';
import type { Request } from '../../api/call';
import { useRead, useRows } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Digest } from '../../parts/digest';
import { Grid, type GridColumn } from '../../parts/grid';
import { Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';
import classes from './ledger.module.css';

export interface LedgerSearch {
  member?: string | undefined;
  subject?: string | undefined;
  verify?: boolean | undefined;
}

/** The ground truth: signed entries, newest first, and the proof that they hang together. */
export function Ledger({ search }: { search: LedgerSearch }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const verify = useVerification(search.verify === true);
  const set = (change: LedgerSearch) => void navigate({ to: '/ledger', search: { ...search, ...change }, replace: true });
  return (
    <Page
      title={t('nav-ledger')}
      lead={t('ledger-lead')}
      fills
      actions={
        <>
          <TextInput
            type="search"
            w={170}
            aria-label={t('ledger-member')}
            placeholder={t('ledger-member')}
            defaultValue={search.member ?? ''}
            onKeyDown={(event) => {
              if (event.key === 'Enter') set({ member: event.currentTarget.value.trim() || undefined });
            }}
          />
          {search.subject && <Button onClick={() => set({ subject: undefined })}>{t('ledger-all')}</Button>}
          <Button variant="filled" leftSection={<BookCheck size={14} aria-hidden />} loading={verify.isFetching} onClick={() => void verify.refetch()}>
            {t('ledger-verify')}
          </Button>
        </>
      }
    >
      <Report verify={verify} />
      <Entries {...(search.member === undefined ? {} : { member: search.member })} {...(search.subject === undefined ? {} : { subject: search.subject })} />
    </Page>
  );
}

/** Reading and checking the whole history. The result stays until the page is left. */
function useVerification(atOnce: boolean) {
  const verify = useRead('workspace.verify', {}, { enabled: false });
  const { refetch } = verify;
  const began = useRef(false);
  useEffect(() => {
    if (!atOnce || began.current) return;
    began.current = true;
    void refetch();
  }, [atOnce, refetch]);
  return verify;
}

/** What the verification found, or that it is under way. */
function Report({ verify }: { verify: ReturnType<typeof useVerification> }) {
  const { t, number } = useWords();
  const report = verify.data;
  return (
    <div aria-live="polite">
      {verify.isFetching ? (
        <Advice tone="info" title={t('ledger-verifying')}>
          <Progress value={100} animated aria-label={t('ledger-verifying')} mt={6} />
        </Advice>
      ) : verify.error ? (
        <FailureAdvice thrown={verify.error} />
      ) : (
        report && (
          <Advice
            tone={report.problems.length === 0 ? 'good' : 'bad'}
            icon={report.problems.length === 0 ? <ShieldCheck size={16} aria-hidden /> : <ShieldX size={16} aria-hidden />}
            title={report.problems.length === 0 ? t('ledger-whole', { n: report.entries, blobs: number(report.blobs) }) : t('ledger-broken', { n: report.problems.length })}
          >
            <span className="line">
              {t('ledger-chain')} <Digest value={report.chain} length={24} />
            </span>
            {[...report.problems, ...report.void].map((problem) => (
              <p key={`${problem.position} ${problem.problem}`}>
                <Link to="/ledger/$position" params={{ position: String(problem.position) }}>
                  {t('entry-n', { n: problem.position })}
                </Link>
                : <Ticks text={problem.problem} />
              </p>
            ))}
          </Advice>
        )
      )}
    </div>
  );
}

/** Entries of the ledger, of one subject or of all. */
export function Entries({ subject, member }: { subject?: string; member?: string }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const request: Request<'ledger.list'> = { ...(subject === undefined ? {} : { subject }), ...(member === undefined ? {} : { member }) };
  const list = useRows('ledger.list', request);
  const columns: GridColumn<EntryRow>[] = [
    {
      key: 'position',
      name: t('col-entry'),
      width: '70px',
      cell: (row) => (
        <Link className="num" to="/ledger/$position" params={{ position: String(row.position) }} tabIndex={-1}>
          {row.position}
        </Link>
      ),
    },
    { key: 'at', name: t('col-when'), width: '170px', cell: (row) => <Moment at={row.at} /> },
    { key: 'member', name: t('col-who'), width: '110px', cell: (row) => row.member },
    {
      key: 'facts',
      name: t('col-what'),
      width: '3fr',
      cell: (row) => (
        <span className="line">
          {row.void !== null && <Badge tone="warn">{t('entry-void')}</Badge>}
          <span className="cut"><Ticks text={row.facts.map((fact) => fact.text).join(' · ')} /></span>
        </span>
      ),
    },
    { key: 'chain', name: t('ledger-chain'), width: '130px', cell: (row) => <code className="dim">{row.chain.replace('sha256:', '').slice(0, 12)}</code> },
  ];
  return (
    <Grid
      label={t('entries')}
      columns={columns}
      {...list}
      rowKey={(row) => String(row.position)}
      onOpen={(row) => void navigate({ to: '/ledger/$position', params: { position: String(row.position) } })}
      empty={{ title: t('entries-none') }}
    />
  );
}

/** One entry: who signed it with which key, and every fact in it, whole. */
export function Entry({ position }: { position: number }) {
  const { t } = useWords();
  const read = useRead('ledger.show', { position }, { enabled: Number.isSafeInteger(position) });
  const title = t('entry-n', { n: position });
  if (read.error && !read.data) {
    return (
      <Page title={title} crumbs={[<Link to="/ledger">{t('nav-ledger')}</Link>]}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  if (!read.data) return <PageLoading />;
  const entry = read.data;
  return (
    <Page
      title={title}
      crumbs={[<Link to="/ledger">{t('nav-ledger')}</Link>]}
      badges={entry.void === null ? <Badge tone="good" icon={<ShieldCheck aria-hidden />}>{t('entry-signed')}</Badge> : <Badge tone="warn">{t('entry-void')}</Badge>}
      lead={
        <>
          {entry.member} · <Moment at={entry.at} />
        </>
      }
    >
      {entry.void !== null && (
        <Advice tone="warn" title={t('entry-void-text')}>
          <Ticks text={entry.void} />
        </Advice>
      )}
      <Section title={t('identity')}>
        <Pairs
          of={[
            [t('col-who'), entry.member],
            [t('key'), <code>{entry.key}</code>],
            [t('ledger-chain'), <Digest value={entry.chain} length={40} />],
          ]}
        />
      </Section>
      {entry.facts.map((fact) => (
        <Section key={fact.id} title={<Ticks text={fact.text} />} aside={<code>{fact.kind}</code>}>
          <Body body={fact.body} />
          <div className="line-wrap" style={{ marginTop: 10 }}>
            <Link to="/ledger" search={{ subject: fact.subject }}>
              {t('ledger-subject')}
            </Link>
            <Digest value={fact.id} length={26} />
          </div>
        </Section>
      ))}
    </Page>
  );
}

/** A fact's body as names and values. What is nested stays JSON: nothing is hidden. */
function Body({ body }: { body: unknown }) {
  const { t } = useWords();
  if (typeof body !== 'object' || body === null) return <code>{JSON.stringify(body)}</code>;
  return (
    <Table
      label={t('fact-body')}
      rows={Object.entries(body)}
      rowKey={([name]) => name}
      columns={[
        { name: t('col-name'), header: true, width: '220px', cell: ([name]) => <code>{name}</code> },
        { name: t('col-value'), cell: ([, value]) => <pre className={classes.json}>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre> },
      ]}
    />
  );
}
