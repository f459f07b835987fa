import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { showPart } from '../testing/render';
import { Grid } from './grid';

const rows = Array.from({ length: 200 }, (_, n) => ({ id: `r${n}`, name: `row ${n}` }));

function grid(more = vi.fn<() => void>(), extra: Partial<Parameters<typeof Grid<(typeof rows)[number]>>[0]> = {}) {
  const opened: string[] = [];
  const shown = showPart(
    <Grid
      label="Models"
      columns={[{ key: 'name', name: 'Name', width: '1fr', cell: (row) => row.name, sortable: true }]}
      rows={rows}
      total={10_000}
      loading={false}
      more={more}
      rowKey={(row) => row.id}
      onOpen={(row) => opened.push(row.id)}
      empty={{ title: 'Nothing' }}
      {...extra}
    />,
  );
  return { ...shown, opened, more };
}

test('a long list draws only what is seen, and says how long it is', () => {
  grid();
  const list = screen.getByRole('grid', { name: 'Models' });
  expect(list.getAttribute('aria-rowcount')).toBe('10001');
  expect(screen.getAllByRole('row').length).toBeLessThan(60);
  expect(screen.getByText('10,000 rows')).toBeDefined();
});

test('one row is in the order of Tab, and the arrows move it', () => {
  const { opened } = grid();
  const tabbable = () => screen.getAllByRole('row').filter((row) => row.tabIndex === 0);
  expect(tabbable().map((row) => row.textContent)).toEqual(['row 0']);
  tabbable()[0]?.focus();
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowDown' });
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowDown' });
  expect(document.activeElement?.textContent).toBe('row 2');
  expect(document.activeElement?.getAttribute('aria-rowindex')).toBe('4');
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Enter' });
  expect(opened).toEqual(['r2']);
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Home' });
  expect(document.activeElement?.textContent).toBe('row 0');
});

test('the next page is asked for before the end is reached, not at once', () => {
  const { more } = grid(vi.fn<() => void>(), { height: 400 });
  expect(more).not.toHaveBeenCalled();
  const near = vi.fn<() => void>();
  grid(near, { rows: rows.slice(0, 50) });
  expect(near).toHaveBeenCalled();
});

test('a heading sorts, and turns the order round', async () => {
  const onSort = vi.fn<(sort: string) => void>();
  const { user, rerender } = grid(vi.fn<() => void>(), { onSort, sort: 'name' });
  await user.click(screen.getByRole('button', { name: 'Name' }));
  expect(onSort).toHaveBeenCalledWith('-name');
  expect(screen.getByRole('columnheader').getAttribute('aria-sort')).toBe('ascending');
  rerender(<></>);
});

test('an empty list says what to do', () => {
  grid(vi.fn<() => void>(), { rows: [], total: 0, empty: { title: 'No model yet', text: 'Import a package.' } });
  expect(screen.getByText('No model yet')).toBeDefined();
  expect(screen.getByText('Import a package.')).toBeDefined();
});
