import { Select } from '@mantine/core';

import type { CalledRow } from '../../api/bindings/CalledRow';
import { Section } from '../../parts/page';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';

/** Processes of other definitions that one calls, and the definition that each is in. */
export function CalledProcesses({ rows, chosen, onChosen }: { rows: readonly CalledRow[]; chosen: Record<string, string>; onChosen: (chosen: Record<string, string>) => void }) {
  const { t } = useWords();
  if (rows.length === 0) return null;
  return (
    <Section title={t('called')} flush>
      <Table
        label={t('called')}
        rows={rows}
        rowKey={(row) => row.process}
        columns={[
          { name: t('col-process'), header: true, cell: (row) => <code>{row.process}</code> },
          {
            name: t('col-definition'),
            width: '300px',
            cell: (row) => (
              <Select
                aria-label={t('called-in', { process: row.process })}
                placeholder={t('unbound')}
                data={row.choices.map((one) => ({ value: one.id, label: `${one.name} · ${t('version-n', { n: one.version })}` }))}
                value={chosen[row.process] ?? row.bound?.id ?? null}
                onChange={(value) => value !== null && onChosen({ ...chosen, [row.process]: value })}
              />
            ),
          },
        ]}
      />
    </Section>
  );
}
