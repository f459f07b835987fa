import { Link, useNavigate } from '@tanstack/react-router';
import { Boxes } from 'lucide-react';

import type { ModelRow } from '../../api/bindings/ModelRow';
import { useRows } from '../../api/query';
import { Grid, type GridColumn } from '../../parts/grid';
import { Ago } from '../../parts/moment';
import { Page } from '../../parts/page';
import { useWords, type Words } from '../../words/words';
import { Place } from './places';
import { SearchBox } from './projects';

export interface ModelsSearch {
  search?: string | undefined;
  sort?: string | undefined;
}

/** All models of the workspace, whatever their project. */
export function Models({ search }: { search: ModelsSearch }) {
  const words = useWords();
  const { t } = words;
  const navigate = useNavigate();
  const list = useRows('registry.list_models', { page: { search: search.search ?? '', sort: search.sort ?? 'name' } });
  const set = (change: ModelsSearch) => void navigate({ to: '/models', search: { ...search, ...change }, replace: true });
  return (
    <Page title={t('nav-models')} fills actions={<SearchBox value={search.search ?? ''} onChange={(text) => set({ search: text || undefined })} />}>
      <Grid
        label={t('nav-models')}
        columns={modelColumns(words, true)}
        {...list}
        rowKey={(row) => row.id}
        sort={search.sort ?? 'name'}
        onSort={(sort) => set({ sort })}
        onOpen={(row) => void navigate({ to: '/versions/$version', params: { version: row.latest.version } })}
        empty={
          search.search
            ? { title: t('nothing-found', { text: search.search }) }
            : { title: t('models-empty'), text: t('models-empty-text'), icon: <Boxes size={28} aria-hidden /> }
        }
      />
    </Page>
  );
}

/** Columns of a list of models; the project's own page leaves the project out. */
export function modelColumns({ t }: Words, withProject: boolean): GridColumn<ModelRow>[] {
  return [
    {
      key: 'name',
      name: t('col-model'),
      width: '2fr',
      sortable: true,
      cell: (row) => (
        <span className="line">
          <Link className="cut" to="/versions/$version" params={{ version: row.latest.version }} tabIndex={-1}>
            {row.name}
          </Link>
          <Place role={row.role} />
        </span>
      ),
    },
    { key: 'latest', name: t('col-version'), width: '70px', cell: (row) => <span className="num">{row.latest.number}</span> },
    ...(withProject ? [{ key: 'project', name: t('col-project'), width: '1.4fr', sortable: true, cell: (row: ModelRow) => row.project_name }] : []),
    { key: 'algorithm', name: t('col-algorithm'), width: '1.2fr', sortable: true, cell: (row) => row.algorithm ?? '' },
    { key: 'tool', name: t('col-tool'), width: '1fr', cell: (row) => row.tool ?? '' },
    { key: 'modified_at', name: t('col-registered'), width: '140px', sortable: true, cell: (row) => <Ago at={row.modified_at} /> },
    { key: 'by', name: t('col-by'), width: '110px', cell: (row) => row.modified_by },
  ];
}
