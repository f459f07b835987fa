import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { FileInput as FileIcon, PencilRuler, Plus, Workflow } from 'lucide-react';
import { useState } from 'react';

import type { DefinitionRow } from '../../api/bindings/DefinitionRow';
import type { BeginDesign as Request } from '../../api/bindings/BeginDesign';
import { useRead, useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Dialog } from '../../parts/dialog';
import { Grid } from '../../parts/grid';
import { Ago } from '../../parts/moment';
import { Page, Section } from '../../parts/page';
import { useWords } from '../../words/words';
import classes from './definitions.module.css';
import { Instances } from './instances';

export interface WorkflowsSearch {
  tab?: 'definitions' | 'instances' | undefined;
  state?: string | undefined;
  new?: boolean | undefined;
}

/** Definitions, and the processes that run after them. */
export function Workflows({ search }: { search: WorkflowsSearch }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const tab = search.tab ?? 'definitions';
  const onImport = () => void navigate({ to: '/import-definition' });
  const set = (change: WorkflowsSearch) => void navigate({ to: '/workflows', search: { ...search, ...change }, replace: true });
  return (
    <Page
      title={t('nav-workflows')}
      fills
      actions={
        <>
          {tab === 'instances' && (
            <SegmentedControl
              size="xs"
              aria-label={t('col-state')}
              value={search.state ?? 'any'}
              onChange={(value) => set({ state: value === 'any' ? undefined : value })}
              data={[
                { value: 'any', label: t('any') },
                { value: 'running', label: t('instance-running') },
                { value: 'incident', label: t('with-incident') },
                { value: 'ended', label: t('ended') },
              ]}
            />
          )}
          <SegmentedControl
            size="xs"
            aria-label={t('nav-workflows')}
            value={tab}
            onChange={(value) => set({ tab: value === 'instances' ? 'instances' : 'definitions' })}
            data={[
              { value: 'definitions', label: t('definitions') },
              { value: 'instances', label: t('instances') },
            ]}
          />
          <Button leftSection={<FileIcon size={14} aria-hidden />} onClick={onImport}>
            {t('definition-import')}
          </Button>
          <Button variant="filled" leftSection={<Plus size={14} aria-hidden />} onClick={() => set({ new: true })}>
            {t('design-new-title')}
          </Button>
        </>
      }
    >
      {tab === 'definitions' && <Drafts />}
      {tab === 'definitions' ? <Definitions onImport={onImport} /> : <Instances state={search.state} />}
      <Dialog opened={search.new === true} onClose={() => set({ new: undefined })} title={t('design-new-title')}>
        <NewDesign onClose={() => set({ new: undefined })} />
      </Dialog>
    </Page>
  );
}

function Definitions({ onImport }: { onImport: () => void }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const read = useRead('workflow.list_definitions', {});
  return (
    <Grid
      label={t('definitions')}
      rows={read.data ?? []}
      total={read.data?.length ?? 0}
      loading={read.isPending}
      error={read.error}
      again={() => void read.refetch()}
      rowKey={(row) => row.id}
      onOpen={(row) => void navigate({ to: '/definitions/$definition', params: { definition: row.id } })}
      columns={[
        {
          key: 'name',
          name: t('col-definition'),
          width: '2fr',
          cell: (row) => (
            <Link to="/definitions/$definition" params={{ definition: row.id }} tabIndex={-1}>
              {row.name}
            </Link>
          ),
        },
        { key: 'version', name: t('col-version'), width: '70px', cell: (row) => row.version },
        { key: 'state', name: t('col-state'), width: '1.6fr', cell: (row) => <DefinitionState row={row} /> },
        { key: 'bound', name: t('col-bound'), width: '120px', cell: (row) => row.bound },
        { key: 'at', name: t('col-imported'), width: '130px', cell: (row) => <Ago at={row.imported_at} /> },
        { key: 'by', name: t('col-by'), width: '100px', cell: (row) => row.imported_by },
      ]}
      empty={{
        title: t('definitions-none'),
        text: t('definitions-none-text'),
        icon: <Workflow size={28} aria-hidden />,
        actions: (
          <Button variant="filled" onClick={onImport}>
            {t('definition-import')}
          </Button>
        ),
      }}
    />
  );
}

/** Whether a definition can be started, and what the lint says. */
export function DefinitionState({ row }: { row: DefinitionRow }) {
  const { t } = useWords();
  return (
    <span className="line">
      {row.disabled !== null ? <Badge tone="warn">{t('definition-disabled')}</Badge> : row.startable ? <Badge tone="good">{t('definition-startable')}</Badge> : <Badge tone="warn">{t('definition-not-startable')}</Badge>}
      {row.errors > 0 && <Badge tone="bad">{t('errors-n', { n: row.errors })}</Badge>}
      {row.warnings > 0 && <Badge>{t('warnings-n', { n: row.warnings })}</Badge>}
    </span>
  );
}

/** Drawings on this desk that are not published yet. */
function Drafts() {
  const { t } = useWords();
  const read = useRead('workflow.list_designs', {});
  if (!read.data || read.data.length === 0) return null;
  return (
    <Section title={t('designs')}>
      <ul className={classes.drafts}>
        {read.data.map((one) => (
          <li key={one.id}>
            <PencilRuler size={14} aria-hidden />
            <Link to="/designs/$design" params={{ design: one.id }}>
              {one.name}
            </Link>
            <span className="small dim">
              {one.base ? t('design-from', { n: one.base_version ?? 0 }) : t('design-new')} · <Ago at={one.changed_at} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Begins a process: from nothing, or from a template. */
function NewDesign({ onClose }: { onClose: () => void }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const templates = useRead('workflow.templates', {});
  const begin = useWrite('workflow.begin_design');
  const [name, setName] = useState('');
  const named = name.trim() === '' ? {} : { name: name.trim() };
  const open = (request: Request) => begin.mutate(request, { onSuccess: (page) => void navigate({ to: '/designs/$design', params: { design: page.design.id } }) });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') open(named);
      }}
    >
      <TextInput label={t('col-name')} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
      {begin.error && <FailureAdvice thrown={begin.error} />}
      <div className="line" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={onClose}>{t('back')}</Button>
        <Button type="submit" variant="filled" disabled={name.trim() === ''} loading={begin.isPending}>
          {t('design-begin')}
        </Button>
      </div>
      <h3>{t('design-from-template')}</h3>
      {(templates.data ?? []).map((template) => (
        <button key={template.name} type="button" className={classes.template} onClick={() => open({ template: template.name, ...named })}>
          <Workflow size={16} aria-hidden />
          <span>
            <strong>{template.name}</strong>
            <span className="small dim" style={{ display: 'block' }}>
              {template.description}
            </span>
          </span>
        </button>
      ))}
    </form>
  );
}
