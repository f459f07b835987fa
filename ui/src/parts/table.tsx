import type { ReactNode } from 'react';

import classes from './table.module.css';

/** A column of a short table. */
export interface TableColumn<Row> {
  name: string;
  /** What stands at its head in place of the name: the name with its definition. */
  head?: ReactNode;
  /** What a cell shows. */
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right, so that their digits line up. */
  numeric?: boolean;
  /** The cell that names its row. */
  header?: boolean;
  width?: string;
}

/** From as many columns on, cells stand closer together: the last one is the one that matters, and must be seen. */
const MANY = 10;

/** A short table, all rows there. Long lists use `Grid`. */
export function Table<Row>({
  label,
  columns,
  rows,
  rowKey,
  empty,
}: {
  label: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row, at: number) => string;
  empty?: ReactNode;
}) {
  if (rows.length === 0 && empty) return <>{empty}</>;
  return (
    // A table wider than its section scrolls sideways; a keyboard must reach it to do so.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.scroll} tabIndex={0} role="group" aria-label={label}>
      <table className={classes.table} data-many={columns.length >= MANY}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" data-numeric={column.numeric} style={{ width: column.width }}>
                {column.head ?? column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={rowKey(row, at)}>
              {columns.map((column) =>
                column.header ? (
                  <th key={column.name} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.name} data-numeric={column.numeric}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
