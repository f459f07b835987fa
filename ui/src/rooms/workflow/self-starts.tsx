import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import type { SelfFiringRow } from '../../api/bindings/SelfFiringRow';
import type { SelfStartRow } from '../../api/bindings/SelfStartRow';
import { useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { Due, Moment } from '../../parts/moment';
import { Section } from '../../parts/page';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';

/** Where a definition starts by itself, when next, and what became of its last moment. */
export function SelfStarts({ rows }: { rows: readonly SelfStartRow[] }) {
  const { t } = useWords();
  const disarm = useWrite('workflow.disarm');
  return (
    <Section title={t('self-starts')} flush>
      <Table
        label={t('self-starts')}
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          {
            name: t('col-project'),
            header: true,
            cell: (row) => (
              <Link to="/projects/$project" params={{ project: row.project }} search={{ tab: 'workflow' }}>
                {row.project_name}
              </Link>
            ),
          },
          { name: t('col-definition'), cell: (row) => row.definition },
          { name: t('start-about'), cell: (row) => row.version?.label ?? t('champion-then') },
          { name: t('self-start-next'), cell: (row) => (row.next_due === null ? t('self-start-listens') : <Due at={row.next_due} />) },
          { name: t('self-start-last'), cell: (row) => <Last firing={row.firings[0]} started={row.started} /> },
          {
            name: t('col-who'),
            cell: (row) => (
              <>
                {row.by} · <Moment at={row.at} />
              </>
            ),
          },
          {
            name: t('col-actions'),
            width: '100px',
            cell: (row) => (
              <Button size="compact-xs" loading={disarm.isPending} aria-label={t('self-start-stop-of', { name: row.project_name })} onClick={() => disarm.mutate({ start: row.id })}>
                {t('self-start-stop')}
              </Button>
            ),
          },
        ]}
      />
      {disarm.error && <FailureAdvice thrown={disarm.error} />}
    </Section>
  );
}

function Last({ firing, started }: { firing: SelfFiringRow | undefined; started: number }) {
  const { t } = useWords();
  if (firing === undefined) return <span className="dim">{t('self-start-never')}</span>;
  return (
    <div className="stack-tight">
      <span>
        {firing.instance === null ? (
          firing.problem
        ) : (
          <Link to="/instances/$instance" params={{ instance: firing.instance }}>
            <Moment at={firing.at} />
          </Link>
        )}
      </span>
      <span className="small dim">
        {t('self-start-count', { n: started })}
        {firing.missed > 0 && ` · ${t('self-start-missed', { n: firing.missed })}`}
      </span>
    </div>
  );
}
