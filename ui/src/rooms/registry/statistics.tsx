import { TriangleAlert } from 'lucide-react';

import type { FitTable } from '../../api/bindings/FitTable';
import { Advice, Empty, Ticks } from '../../parts/advice';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';

/** Fit statistics: a row a statistic, a column a partition. What contradicts a value stands beside it. */
export function FitStatistics({ table }: { table: FitTable }) {
  const { t, number, known } = useWords();
  return (
    <>
      <Table
        label={t('fit-title')}
        rows={table.rows}
        rowKey={(row) => row.name}
        empty={<Empty title={t('fit-none')}>{t('fit-none-text')}</Empty>}
        columns={[
          {
            name: t('fit-statistic'),
            header: true,
            cell: (row) => (
              <span className="line-wrap">
                <span>{row.label}</span>
                <code className="dim">{row.name}</code>
                {row.inconsistent && (
                  <span className="line small">
                    <TriangleAlert size={13} aria-hidden />
                    <Ticks text={row.inconsistent} />
                  </span>
                )}
              </span>
            ),
          },
          ...table.partitions.map((partition, at) => ({
            name: known('partition', partition),
            numeric: true,
            cell: (row: FitTable['rows'][number]) => {
              const value = row.values[at];
              return value === null || value === undefined ? <span className="dim">{t('no-value')}</span> : number(value);
            },
          })),
        ]}
      />
      {table.curves.length > 0 && (
        <Advice tone="warn" title={t('fit-curves')}>
          <ul>
            {table.curves.map((one) => (
              <li key={one}>
                <Ticks text={one} />
              </li>
            ))}
          </ul>
        </Advice>
      )}
    </>
  );
}
