import { ActionIcon, Select, TextInput } from '@mantine/core';
import { Trash2 } from 'lucide-react';

import type { ElementName } from '../../api/bindings/ElementName';
import type { ReminderRow } from '../../api/bindings/ReminderRow';
import { Empty } from '../../parts/advice';
import { Section } from '../../parts/page';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';

/** Stands for every task without a reminder of its own. */
const EVERY = '*';
/** Whom it is escalated to where nobody is named. */
const ADMINISTRATORS = 'administrators of the workspace';
/** A length of time as definitions write it. */
const PERIOD = /^P(?=[\dT])(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/;

/** Whether every time can be read; where one cannot, nothing is saved. */
export function readable(rows: readonly ReminderRow[]): boolean {
  return rows.every((row) => PERIOD.test(row.after) && (row.escalate_after === undefined || PERIOD.test(row.escalate_after)));
}

/** When tasks that wait are spoken of again, and when and to whom they are escalated. */
export function BindReminders({
  rows,
  tasks,
  whom,
  onRows,
}: {
  rows: readonly ReminderRow[];
  tasks: readonly ElementName[];
  whom: { group: string; items: { value: string; label: string }[] }[];
  onRows: (rows: ReminderRow[]) => void;
}) {
  const { t } = useWords();
  const nameOf = (element: string) => (element === EVERY ? t('reminders-every') : (tasks.find((one) => one.element === element)?.name ?? element));
  const left = [{ element: EVERY, name: t('reminders-every') }, ...tasks].filter((one) => rows.every((row) => row.element !== one.element));
  const put = (row: ReminderRow) => onRows(rows.map((one) => (one.element === row.element ? row : one)));
  const wrong = (text: string) => (PERIOD.test(text) ? null : t('reminders-period'));
  return (
    <Section title={t('reminders-of')} flush>
      <p className="small dim" style={{ padding: '12px 12px 0' }}>
        {t('reminders-text')}
      </p>
      <Table
        label={t('reminders-of')}
        rows={rows}
        rowKey={(row) => row.element}
        empty={<Empty title={t('reminders-none')} />}
        columns={[
          { name: t('col-task'), header: true, cell: (row) => nameOf(row.element) },
          {
            name: t('reminders-after'),
            width: '150px',
            cell: (row) => <TextInput aria-label={t('reminders-after-of', { name: nameOf(row.element) })} value={row.after} error={wrong(row.after)} onChange={(event) => put({ ...row, after: event.currentTarget.value.trim() })} />,
          },
          {
            name: t('reminders-escalate'),
            width: '150px',
            cell: (row) => (
              <TextInput
                aria-label={t('reminders-escalate-of', { name: nameOf(row.element) })}
                value={row.escalate_after ?? ''}
                error={row.escalate_after === undefined ? null : wrong(row.escalate_after)}
                onChange={(event) => {
                  const { escalate_after: _, ...rest } = row;
                  const after = event.currentTarget.value.trim();
                  put(after === '' ? rest : { ...rest, escalate_after: after });
                }}
              />
            ),
          },
          {
            name: t('reminders-to'),
            width: '220px',
            cell: (row) => (
              <Select
                aria-label={t('reminders-to-of', { name: nameOf(row.element) })}
                disabled={row.escalate_after === undefined}
                searchable
                data={[{ value: ADMINISTRATORS, label: t('escalates-to-administrators') }, ...whom]}
                value={row.escalate_to ?? ADMINISTRATORS}
                onChange={(value) => {
                  const { escalate_to: _, ...rest } = row;
                  if (value !== null) put(value === ADMINISTRATORS ? rest : { ...rest, escalate_to: value });
                }}
              />
            ),
          },
          {
            name: t('col-actions'),
            width: '70px',
            cell: (row) => (
              <ActionIcon size={24} aria-label={t('reminders-remove', { name: nameOf(row.element) })} onClick={() => onRows(rows.filter((one) => one !== row))}>
                <Trash2 size={13} aria-hidden />
              </ActionIcon>
            ),
          },
        ]}
      />
      <div style={{ padding: 12 }}>
        <Select
          aria-label={t('reminders-add')}
          placeholder={t('reminders-add')}
          searchable
          value={null}
          data={left.map((one) => ({ value: one.element, label: one.name }))}
          onChange={(element) => element !== null && onRows([...rows, { element, after: 'P1D', escalate_after: 'P3D' }])}
        />
      </div>
    </Section>
  );
}
