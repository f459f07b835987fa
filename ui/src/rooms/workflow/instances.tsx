import { Link, useNavigate } from '@tanstack/react-router';
import { Workflow } from 'lucide-react';

import type { InstanceRow } from '../../api/bindings/InstanceRow';
import type { Request } from '../../api/call';
import { useRows } from '../../api/query';
import { Badge, type Tone } from '../../parts/badge';
import { Grid, type GridColumn } from '../../parts/grid';
import { Ago } from '../../parts/moment';
import { useWords } from '../../words/words';

const TONES: Record<string, Tone> = { running: 'accent', completed: 'good', failed: 'bad', terminated: 'warn', cancelled: 'warn' };

/** Processes running or ended. */
export function Instances({ project, state, height }: { project?: string; state?: string | undefined; height?: number }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const request: Request<'workflow.list_instances'> = { ...(project === undefined ? {} : { project }), ...(state === undefined ? {} : { state }) };
  const list = useRows('workflow.list_instances', request);
  const columns: GridColumn<InstanceRow>[] = [
    {
      key: 'definition',
      name: t('col-definition'),
      width: '1.6fr',
      cell: (row) => (
        <Link to="/instances/$instance" params={{ instance: row.id }} tabIndex={-1}>
          {row.definition}
        </Link>
      ),
    },
    ...(project === undefined ? [{ key: 'project', name: t('col-project'), width: '1.2fr', cell: (row: InstanceRow) => row.project_name }] : []),
    { key: 'version', name: t('col-about'), width: '1.2fr', cell: (row) => row.version?.label ?? '' },
    { key: 'state', name: t('col-state'), width: '190px', cell: (row) => <InstanceState row={row} /> },
    { key: 'waits', name: t('col-waits-for'), width: '1.8fr', cell: (row) => row.waiting_for.join(', ') },
    { key: 'started', name: t('col-started'), width: '130px', cell: (row) => <Ago at={row.started_at} /> },
    { key: 'by', name: t('col-by'), width: '90px', cell: (row) => row.started_by },
  ];
  return (
    <Grid
      label={t('instances')}
      columns={columns}
      {...list}
      rowKey={(row) => row.id}
      onOpen={(row) => void navigate({ to: '/instances/$instance', params: { instance: row.id } })}
      empty={{ title: t('instances-none'), text: t('instances-none-text'), icon: <Workflow size={28} aria-hidden /> }}
      {...(height === undefined ? {} : { height })}
    />
  );
}

/** What state an instance is in, and whether something in it went wrong. */
export function InstanceState({ row }: { row: InstanceRow }) {
  const { t, known } = useWords();
  return (
    <span className="line">
      <Badge tone={TONES[row.state] ?? 'quiet'}>{known('instance', row.state)}</Badge>
      {row.incidents > 0 && <Badge tone="bad">{t('incidents-n', { n: row.incidents })}</Badge>}
    </span>
  );
}
