import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';

import type { Settings } from '../../api/bindings/Settings';
import type { DataPreview } from '../../api/bindings/DataPreview';
import type { MonitorRow } from '../../api/bindings/MonitorRow';
import type { ReportReading } from '../../api/bindings/ReportReading';
import { fakeDesk, VERSION } from '../../testing/desk';
import { REPORT } from '../../testing/monitoring';
import { openWindow, showPart } from '../../testing/render';
import { Headline } from './monitoring';

const asked = (desk: ReturnType<typeof fakeDesk>, command: string) => desk.asked.filter((one) => one.command === command).map((one) => one.request);

async function readingOf(desk: ReturnType<typeof fakeDesk>): Promise<ReportReading> {
  return (await desk.call('monitoring.reading', { report: REPORT })) as ReportReading;
}

describe('a report', () => {
  test('of predicted numbers has its figure and is compared with other versions', async () => {
    const desk = fakeDesk();
    const whole = await readingOf(desk);
    desk.answer('monitoring.reading', () => ({ ...whole, figures: ['trend', 'predicted'] }));
    openWindow(`/reports/${REPORT}?tab=performance&with=${REPORT}`, desk);
    expect(await screen.findByRole('heading', { name: /^Predicted against actual/ })).toBeDefined();
    expect(await screen.findByRole('group', { name: 'Compared with other versions' })).toBeDefined();
  });

  test('without figures of its outcomes is compared all the same', async () => {
    const desk = fakeDesk();
    const whole = await readingOf(desk);
    desk.answer('monitoring.reading', () => ({ ...whole, figures: ['trend'] }));
    openWindow(`/reports/${REPORT}?tab=performance&with=${REPORT}`, desk);
    expect(await screen.findByText('No period has outcomes and scores.')).toBeDefined();
    expect(await screen.findByRole('group', { name: 'Compared with other versions' })).toBeDefined();
  });

  test('tells fairness of the period that was chosen, and names it', async () => {
    const desk = fakeDesk();
    const whole = await readingOf(desk);
    const [first, last] = [whole.periods[0]?.label ?? '', whole.periods.at(-1)?.label ?? ''];
    openWindow(`/reports/${REPORT}?tab=performance&period=${first}`, desk);
    const table = await screen.findByRole('group', { name: `Fairness by contract, ${first}` });
    const group = whole.fairness[0]?.[0]?.groups[0];
    expect(within(table).getByRole('row', { name: new RegExp(`^${group?.name}`) }).textContent).toContain(String(Math.round((group?.tpr ?? 0) * 1000) / 10));
    expect(screen.queryByRole('group', { name: `Fairness by contract, ${last}` })).toBeNull();
    expect(within(table).getByRole('button', { name: /^True positive rate: Of the group/ })).toBeDefined();
  });

  test('draws the course of the number that was chosen, with that of other versions', async () => {
    const { desk, user } = openWindow(`/reports/${REPORT}?with=other`);
    await user.click(await screen.findByRole('combobox', { name: 'Number of the course' }));
    await user.click(await screen.findByRole('option', { name: 'Inputs above 0.1' }));
    await waitFor(() => expect(asked(desk, 'monitoring.figure')).toContainEqual(expect.objectContaining({ kind: 'trend', metric: 'p1', with: ['other'] })));
  });

  test('defines the numbers beside a rule, of a course and of a period', async () => {
    const desk = fakeDesk();
    const whole = await readingOf(desk);
    const fired = whole.alerts[0];
    const first = openWindow(`/reports/${REPORT}?period=${fired?.period ?? ''}`, desk);
    const term = fired?.values[0]?.term;
    expect((await screen.findAllByRole('button', { name: `${term?.title}: ${term?.definition}` })).length).toBeGreaterThan(0);
    first.unmount();
    const second = openWindow(`/reports/${REPORT}?tab=decay`, desk);
    expect(await screen.findByRole('button', { name: /^Slope per period \(Theil–Sen\): / })).toBeDefined();
    expect(screen.getByRole('button', { name: /^Crosses the threshold: / })).toBeDefined();
    second.unmount();
    openWindow(`/reports/${REPORT}?tab=data`, desk);
    expect(await screen.findByRole('button', { name: /^Outcomes known: / })).toBeDefined();
    expect(screen.getByRole('button', { name: /^Inputs from 0.25: / })).toBeDefined();
  });

  test('has the decimal mark of whoever reads it, in small p-values too', async () => {
    const desk = fakeDesk();
    const settings = (await desk.call('settings.show', {})) as Settings;
    desk.answer('settings.show', () => ({ ...settings, language: 'pt-BR' }));
    openWindow(`/reports/${REPORT}?tab=decay`, desk);
    expect((await screen.findAllByText('< 0,0001')).length).toBeGreaterThan(0);
    expect(screen.queryByText('< 0.0001')).toBeNull();
  });
});

describe('lists of monitors', () => {
  test('show the number that stands for the model, of the period that has it', async () => {
    const desk = fakeDesk();
    const list = (await desk.call('monitoring.list', { page: {} })) as { rows: MonitorRow[] };
    const row = list.rows[0] as MonitorRow;
    const { container, unmount } = showPart(<Headline of={{ ...row, metric: 'r2', numbers: { r2: 0.8125 }, period: 'Q4', judged: 'Q3' }} />, 'pt-BR');
    expect(container.textContent).toContain('R² 0,813 (Q3)');
    unmount();
    const other = showPart(<Headline of={{ ...row, metric: 'gini', numbers: { gini: 0.3 }, provisional: true }} />);
    expect(other.container.textContent).toContain('Gini 0.3 (provisional)');
  });

  test('say which report is overdue', async () => {
    const desk = fakeDesk();
    const list = (await desk.call('monitoring.list', { page: {} })) as { rows: MonitorRow[] };
    desk.answer('monitoring.list', () => ({ ...list, rows: list.rows.map((row) => ({ ...row, overdue: true })), total: list.rows.length, next: null }));
    openWindow('/monitoring?tab=monitors', desk);
    expect(await screen.findByText('overdue')).toBeDefined();
    expect(screen.getByRole('button', { name: /^Measure: What stands for the model/ })).toBeDefined();
  });
});

describe('defining a monitor', () => {
  test('a target of two levels is an event though none is named, and every course has its threshold', async () => {
    const desk = fakeDesk();
    const preview = (await desk.call('monitoring.preview', { version: VERSION, data: { folder: '/srv', pattern: '*' } })) as DataPreview;
    const { event: _, ...terms } = preview.terms;
    const columns = (levels: string[]) => preview.columns.map((column) => (column.name === terms.target ? { ...column, numeric: true, levels } : column));
    for (const [levels, there, absent] of [
      [['0', '1'], 'Gini not to fall below', 'R² not to fall below'],
      [[], 'R² not to fall below', 'Gini not to fall below'],
    ] as const) {
      desk.answer('monitoring.preview', () => ({ ...preview, terms, columns: columns([...levels]) }));
      const { user, unmount } = openWindow(`/monitoring/new?version=${VERSION}`, desk);
      fireEvent.change(await screen.findByLabelText(/^Folder of scored data/), { target: { value: '/srv/scored' } });
      await user.click(screen.getByRole('button', { name: 'Look at the data' }));
      expect(await screen.findByLabelText(there)).toBeDefined();
      expect(screen.queryByLabelText(absent)).toBeNull();
      expect(screen.getByLabelText('Score PSI not to rise above')).toBeDefined();
      unmount();
    }
  });
});
