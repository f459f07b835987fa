import { Button, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import { FolderKanban, Plus, Search, Upload } from 'lucide-react';
import { useState } from 'react';

import type { ProjectRow } from '../../api/bindings/ProjectRow';
import { useRows } from '../../api/query';
import { Grid, type GridColumn } from '../../parts/grid';
import { Ago } from '../../parts/moment';
import { Page } from '../../parts/page';
import { useWords } from '../../words/words';
import { CreateProject } from './create-project';
import { ImportPackage } from './import-package';

export interface ProjectsSearch {
  search?: string | undefined;
  sort?: string | undefined;
  import?: boolean | undefined;
  create?: boolean | undefined;
}

/** All projects of the workspace. */
export function Projects({ search }: { search: ProjectsSearch }) {
  const { t, known } = useWords();
  const navigate = useNavigate();
  const list = useRows('registry.list_projects', { page: { search: search.search ?? '', sort: search.sort ?? 'name' } });
  const set = (change: ProjectsSearch) => void navigate({ to: '/projects', search: { ...search, ...change }, replace: true });

  const columns: GridColumn<ProjectRow>[] = [
    {
      key: 'name',
      name: t('col-name'),
      width: '2fr',
      sortable: true,
      cell: (row) => (
        <Link to="/projects/$project" params={{ project: row.id }} tabIndex={-1}>
          {row.name}
        </Link>
      ),
    },
    { key: 'champion', name: t('place-champion'), width: '1.6fr', cell: (row) => (row.champion ? `${row.champion.model_name} ${row.champion.number}` : <span className="dim">{t('project-no-champion')}</span>) },
    { key: 'function', name: t('col-function'), width: '1fr', cell: (row) => (row.function ? known('function', row.function) : '') },
    { key: 'models', name: t('nav-models'), width: '80px', sortable: true, numeric: true, cell: (row) => row.models },
    { key: 'instances', name: t('col-running'), width: '90px', numeric: true, cell: (row) => row.instances_running },
    { key: 'created_at', name: t('col-created'), width: '150px', sortable: true, cell: (row) => <Ago at={row.created_at} /> },
  ];
  return (
    <Page
      title={t('nav-projects')}
      fills
      actions={
        <>
          <SearchBox value={search.search ?? ''} onChange={(text) => set({ search: text || undefined })} />
          <Button leftSection={<Upload size={14} aria-hidden />} onClick={() => set({ import: true })}>
            {t('import-title')}
          </Button>
          <Button variant="filled" leftSection={<Plus size={14} aria-hidden />} onClick={() => set({ create: true })}>
            {t('project-create')}
          </Button>
        </>
      }
    >
      <Grid
        label={t('nav-projects')}
        columns={columns}
        {...list}
        rowKey={(row) => row.id}
        sort={search.sort ?? 'name'}
        onSort={(sort) => set({ sort })}
        onOpen={(row) => void navigate({ to: '/projects/$project', params: { project: row.id } })}
        empty={
          search.search
            ? { title: t('nothing-found', { text: search.search }) }
            : { title: t('projects-empty'), text: t('projects-empty-text'), icon: <FolderKanban size={28} aria-hidden /> }
        }
      />
      <CreateProject opened={search.create === true} onClose={() => set({ create: undefined })} />
      <ImportPackage opened={search.import === true} onClose={() => set({ import: undefined })} />
    </Page>
  );
}

/** The search box of a long list: what is typed waits a moment before it asks. */
export function SearchBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useWords();
  const [text, setText] = useState(value);
  const ask = useDebouncedCallback(onChange, 180);
  return (
    <TextInput
      type="search"
      aria-label={t('search')}
      placeholder={t('search')}
      w={220}
      leftSection={<Search size={14} aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        ask(event.currentTarget.value.trim());
      }}
    />
  );
}
