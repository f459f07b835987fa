import { Button, Menu, Tabs } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronDown, ShieldAlert, ShieldCheck, ShieldX } from 'lucide-react';
import type { ReactNode } from 'react';

import type { ApprovalRow } from '../../api/bindings/ApprovalRow';
import type { VersionPage as Shown } from '../../api/bindings/VersionPage';
import { useRead } from '../../api/query';
import { Advice, Empty, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Digest } from '../../parts/digest';
import { Ago, Moment } from '../../parts/moment';
import { Page, PageLoading, Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { Table } from '../../parts/table';
import { useWords, type Words } from '../../words/words';
import { Card } from './card';
import { Charts } from './charts';
import { Files } from './files';
import { Where } from './import-package';
import { Place } from './places';
import { PlaceItems, usePlacing } from './project';
import { FitStatistics } from './statistics';

export const VERSION_TABS = ['overview', 'card', 'files', 'variables', 'performance', 'monitoring', 'findings', 'versions', 'history'] as const;
export type VersionTab = (typeof VERSION_TABS)[number];

/** What other rooms show on a version's page; the shell brings them. */
export interface VersionSlots {
  history: (version: Shown) => ReactNode;
  monitoring: (version: Shown) => ReactNode;
  actions: (version: Shown) => ReactNode;
}

/** One version of a model: everything a decision about it rests on. */
export function Version({ id, tab, file, slots }: { id: string; tab: VersionTab; file: string | undefined; slots: VersionSlots }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const read = useRead('registry.show_version', { version: id });
  const placing = usePlacing();
  if (read.error) {
    return (
      <Page title={t('nav-models')}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  if (!read.data) return <PageLoading />;
  const shown = read.data;
  const go = (next: VersionTab, path?: string) =>
    void navigate({ to: '/versions/$version', params: { version: id }, search: { tab: next, ...(path === undefined ? {} : { file: path }) }, replace: true });
  const open = shown.findings.filter((finding) => finding.severity === 'blocking' && finding.waived === null).length;
  return (
    <Page
      title={`${shown.model.name} ${shown.number}`}
      crumbs={[
        <Link to="/projects">{t('nav-projects')}</Link>,
        <Link to="/projects/$project" params={{ project: shown.model.project }} search={{ tab: 'models' }}>
          {shown.model.project_name}
        </Link>,
      ]}
      badges={
        <>
          <Place role={shown.role} />
          <Standing shown={shown} />
        </>
      }
      lead={
        <>
          {t('version-lead', { who: shown.registered_by, files: shown.files.length, variables: shown.variables.length })} <Ago at={shown.registered_at} />
        </>
      }
      actions={
        <>
          {slots.actions(shown)}
          <Menu position="bottom-end" shadow="sm">
            <Menu.Target>
              <Button rightSection={<ChevronDown size={14} aria-hidden />}>{t('place-menu')}</Button>
            </Menu.Target>
            <Menu.Dropdown>
              <PlaceItems version={shown.version} role={shown.role} placing={placing} />
            </Menu.Dropdown>
          </Menu>
        </>
      }
    >
      {placing.error && <FailureAdvice thrown={placing.error} />}
      <Tabs value={tab} onChange={(value) => go(VERSION_TABS.find((one) => one === value) ?? 'overview')}>
        <Tabs.List>
          <Tabs.Tab value="overview">{t('tab-overview')}</Tabs.Tab>
          <Tabs.Tab value="card">{t('tab-card')}</Tabs.Tab>
          <Tabs.Tab value="files">{t('tab-files')}</Tabs.Tab>
          <Tabs.Tab value="variables">{t('tab-variables')}</Tabs.Tab>
          <Tabs.Tab value="performance">{t('tab-performance')}</Tabs.Tab>
          <Tabs.Tab value="monitoring">{t('tab-monitoring')}</Tabs.Tab>
          <Tabs.Tab value="findings" rightSection={open > 0 ? <Badge tone="bad">{open}</Badge> : null}>
            {t('tab-findings')}
          </Tabs.Tab>
          <Tabs.Tab value="versions">{t('tab-versions')}</Tabs.Tab>
          <Tabs.Tab value="history">{t('tab-history')}</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      {tab === 'overview' && <Overview shown={shown} />}
      {tab === 'card' && <Card shown={shown} />}
      {tab === 'files' && <Files version={shown.version} files={shown.files} file={file} onFile={(path) => go('files', path)} />}
      {tab === 'variables' && <Variables shown={shown} />}
      {tab === 'performance' && (
        <>
          <Section title={t('fit-title')} flush>
            <FitStatistics table={shown.fit_statistics} />
          </Section>
          <Charts version={shown.version} hasRoc={shown.has_roc} hasLift={shown.has_lift} />
        </>
      )}
      {tab === 'findings' && <Findings shown={shown} />}
      {tab === 'versions' && <Versions shown={shown} />}
      {tab === 'monitoring' && slots.monitoring(shown)}
      {tab === 'history' && slots.history(shown)}
    </Page>
  );
}

/** Whether somebody countersigned exactly these contents. */
function Standing({ shown }: { shown: Shown }) {
  const { t } = useWords();
  const latest = shown.approvals[0];
  if (!latest) return <Badge>{t('approval-none')}</Badge>;
  if (!latest.current) return <Badge tone="warn" icon={<ShieldAlert aria-hidden />}>{t('approval-outdated')}</Badge>;
  if (!latest.decides) return <Badge tone="warn" icon={<ShieldAlert aria-hidden />}>{partly(latest, t)}</Badge>;
  return latest.decision === 'approved' ? (
    <Badge tone="good" icon={<ShieldCheck aria-hidden />}>{t('approval-approved', { who: latest.member })}</Badge>
  ) : (
    <Badge tone="bad" icon={<ShieldX aria-hidden />}>{t('approval-rejected', { who: latest.member })}</Badge>
  );
}

/** A signature that decides nothing by itself: how many there are of how many, and whose. */
function partly({ waiting, member }: ApprovalRow, t: Words['t']): string {
  if (waiting === null) return `${member}: ${t('approval-counted')}`;
  return t('approval-partly', { n: waiting.signed_by.length, of: waiting.needed, who: waiting.signed_by.join(', ') });
}

function Overview({ shown }: { shown: Shown }) {
  const { t, known, number } = useWords();
  return (
    <div className="columns">
      <div className="stack">
        {shown.warnings.length > 0 && (
          <Advice tone="warn" title={t('import-warnings', { n: shown.warnings.length })}>
            {shown.warnings.map((warning) => (
              <p key={warning}>
                <Ticks text={warning} />
              </p>
            ))}
          </Advice>
        )}
        <Section title={t('tab-properties')}>
          <Pairs of={shown.properties.map((property) => [known('property', property.name), property.value] as const)} />
        </Section>
        <Section title={t('fit-title')} flush>
          <FitStatistics table={shown.fit_statistics} />
        </Section>
        {shown.importance.length > 0 && (
          <Section title={t('importance')} flush>
            <Table
              label={t('importance')}
              rows={shown.importance.slice(0, 20)}
              rowKey={(row) => row.variable}
              columns={[
                { name: t('col-name'), header: true, cell: (row) => row.variable },
                { name: t('importance'), numeric: true, cell: (row) => number(row.importance) },
              ]}
            />
          </Section>
        )}
      </div>
      <div className="stack">
        <Section title={t('identity')}>
          <Pairs
            of={[
              [t('col-digest'), <Digest value={shown.digest} length={16} />],
              [t('col-registered'), <Moment at={shown.registered_at} />],
              [t('col-by'), shown.registered_by],
              [
                t('col-entry'),
                <Link to="/ledger/$position" params={{ position: String(shown.position) }}>
                  {shown.position}
                </Link>,
              ],
              [t('col-id'), <Digest value={shown.version} length={26} />],
            ]}
          />
        </Section>
        <Approvals shown={shown} />
        {shown.migrations.length > 0 && (
          <Section title={t('migrations')}>
            {shown.migrations.map((migration) => (
              <Pairs
                key={migration.run}
                of={[
                  [t('col-bucket'), migration.bucket],
                  [t('col-verified'), <Moment at={migration.at} />],
                  [t('col-manifest'), <Digest value={migration.manifest} />],
                  [
                    t('col-run'),
                    <Link to="/runs/$run" params={{ run: migration.run }}>
                      {t('open')}
                    </Link>,
                  ],
                ]}
              />
            ))}
          </Section>
        )}
      </div>
    </div>
  );
}

function Approvals({ shown }: { shown: Shown }) {
  const { t } = useWords();
  return (
    <Section title={t('approvals')}>
      {shown.approvals.length === 0 ? (
        <p className="dim">{t('approvals-none')}</p>
      ) : (
        <div className="stack">
          {shown.approvals.map((approval) => (
            <div key={approval.position} className="stack-tight">
              <div className="line-wrap">
                <Badge tone={approval.decision !== 'approved' ? 'bad' : approval.decides ? 'good' : 'quiet'}>{t(approval.decision === 'approved' ? 'decision-approved' : 'decision-rejected')}</Badge>
                {!approval.current && <Badge tone="warn">{t('approval-outdated')}</Badge>}
                {!approval.decides && <Badge>{approval.waiting === null ? t('approval-counted') : partly(approval, t)}</Badge>}
              </div>
              <p>
                {approval.member} · <Moment at={approval.at} /> ·{' '}
                <Link to="/ledger/$position" params={{ position: String(approval.position) }}>
                  {t('entry-n', { n: approval.position })}
                </Link>
              </p>
              {approval.note && <p>{approval.note}</p>}
            </div>
          ))}
        </div>
      )}
    </Section>
  );
}

function Variables({ shown }: { shown: Shown }) {
  const { t, known } = useWords();
  return (
    <Section flush>
      <Table
        label={t('tab-variables')}
        rows={shown.variables}
        rowKey={(row) => `${row.direction} ${row.name}`}
        empty={<Empty title={t('variables-none')}>{t('variables-none-text')}</Empty>}
        columns={[
          { name: t('col-name'), header: true, cell: (row) => <code>{row.name}</code> },
          {
            name: t('col-direction'),
            cell: (row) => <Badge tone={row.direction === 'target' ? 'accent' : row.direction === 'output' ? 'good' : 'quiet'}>{known('direction', row.direction)}</Badge>,
          },
          { name: t('col-type'), cell: (row) => row.data_type },
          { name: t('col-level'), cell: (row) => (row.level ? known('level', row.level) : '') },
          { name: t('col-length'), numeric: true, cell: (row) => row.length ?? '' },
          { name: t('col-description'), cell: (row) => row.description ?? '' },
        ]}
      />
    </Section>
  );
}

function Findings({ shown }: { shown: Shown }) {
  const { t } = useWords();
  if (shown.findings.length === 0) {
    return (
      <Section>
        <Empty icon={<ShieldCheck size={28} aria-hidden />} title={t('findings-none')}>
          {t('findings-none-text')}
        </Empty>
      </Section>
    );
  }
  return (
    <Section>
      <div className="stack">
        {shown.findings.map((finding) => (
          <Advice key={finding.id} tone={finding.severity !== 'blocking' ? 'info' : finding.waived === null ? 'bad' : 'warn'} title={<Where finding={finding} />}>
            <p>
              <Ticks text={finding.message} />
            </p>
            {finding.waived !== null && <p className="small">{t('finding-waived', { reason: finding.waived })}</p>}
          </Advice>
        ))}
      </div>
    </Section>
  );
}

function Versions({ shown }: { shown: Shown }) {
  const { t } = useWords();
  return (
    <Section
      title={t('tab-versions')}
      flush
      aside={
        shown.versions.length > 1 && (
          <Link to="/compare" search={{ versions: shown.versions.slice(0, 4).map((one) => one.version).join(',') }}>
            {t('compare-versions')}
          </Link>
        )
      }
    >
      <Table
        label={t('tab-versions')}
        rows={shown.versions}
        rowKey={(row) => row.version}
        columns={[
          {
            name: t('col-version'),
            header: true,
            cell: (row) => (
              <span className="line">
                {row.version === shown.version ? (
                  <strong>{row.number}</strong>
                ) : (
                  <Link to="/versions/$version" params={{ version: row.version }} search={{ tab: 'overview' }}>
                    {row.number}
                  </Link>
                )}
                <Place role={row.role} />
              </span>
            ),
          },
          { name: t('col-digest'), cell: (row) => <Digest value={row.digest} /> },
          { name: t('col-by'), cell: (row) => row.registered_by },
          { name: t('col-registered'), cell: (row) => <Moment at={row.registered_at} /> },
        ]}
      />
    </Section>
  );
}
