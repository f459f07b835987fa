import { Skeleton } from '@mantine/core';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react';

import { useWords } from '../words/words';
import { Empty, FailureAdvice } from './advice';
import classes from './grid.module.css';

/** Height of a row in pixels; the same in the stylesheet (`--row`). */
const ROW_PX = 36;
/** Height of a row that says two things, one under the other. */
const TALL_ROW_PX = 54;
/** Rows drawn while the first page is fetched. */
const LOADING_ROWS = 8;
/** Height of what an empty list says. */
const EMPTY_PX = 200;
/** Rows from the end at which the next page is fetched. */
const AHEAD = 60;

/** Space between columns, and at the ends of a row, in pixels; the same in the stylesheet. */
const GAP_PX = 16;
/** Width below which a column that stretches is not pressed: the first names the row and gets more. */
const leastPx = (column: number) => (column === 0 ? 190 : 96);

/** A column of a long list. */
export interface GridColumn<Row> {
  /** Name of the column; also what `sort` says when it can be sorted by. */
  key: string;
  name: string;
  /** What stands at its head in place of the name: the name with its definition. */
  head?: ReactNode;
  cell: (row: Row) => ReactNode;
  /** A CSS grid track, for example `2fr` or `120px`. */
  width: string;
  sortable?: boolean;
  numeric?: boolean;
}

/**
 * A long list that pages from the database: rows are drawn only where they are seen, fetched as they come near, and
 * walked with the keyboard (arrows, Page Up and Down, Home, End; Enter opens).
 */
export function Grid<Row>({
  label,
  columns,
  rows,
  total,
  loading,
  error,
  again,
  more,
  rowKey,
  sort,
  onSort,
  onOpen,
  onKey,
  empty,
  height,
  tall = false,
}: {
  label: string;
  columns: readonly GridColumn<Row>[];
  rows: readonly Row[];
  total: number;
  loading: boolean;
  error?: unknown;
  again?: () => void;
  more?: () => void;
  rowKey: (row: Row) => string;
  /** Column sorted by; a leading `-` for the other way round. */
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  onOpen?: (row: Row) => void;
  /** Another key on a row; true if it meant something. */
  onKey?: (key: string, row: Row) => boolean;
  empty: { title: string; text?: string; icon?: ReactNode; actions?: ReactNode };
  /** Height in pixels at the most; as much as there is room for if absent. */
  height?: number;
  /** Rows say two things, one under the other. */
  tall?: boolean;
}) {
  const { t } = useWords();
  const rowPx = tall ? TALL_ROW_PX : ROW_PX;
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const focused = useRef(false);
  // oxlint-disable-next-line react/incompatible-library -- the virtualizer's own contract
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
    initialRect: { width: 1000, height: height ?? 720 },
    scrollPaddingStart: ROW_PX,
    // The row that has the focus stays drawn wherever the list is scrolled: the focus must not fall out of it.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), Math.min(at, rows.length - 1)])].toSorted((a, b) => a - b),
  });
  const items = virtual.getVirtualItems();
  const lastShown = virtual.range?.endIndex ?? 0;
  useEffect(() => {
    if (rows.length > 0 && rows.length < total && lastShown >= rows.length - AHEAD) more?.();
  }, [lastShown, rows.length, total, more]);

  const current = Math.min(at, Math.max(0, rows.length - 1));
  const go = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setAt(next);
    virtual.scrollToIndex(next);
    focused.current = true;
  };
  useEffect(() => {
    if (!focused.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-at="${current}"]`);
    if (!row) return;
    focused.current = false;
    row.focus({ preventScroll: true });
  });

  const hear = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLElement && event.target.closest('button, a, input') && event.key === 'Enter') return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowPx) - 2);
    const steps: Record<string, number> = {
      ArrowDown: current + 1,
      j: current + 1,
      ArrowUp: current - 1,
      k: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: rows.length - 1,
    };
    const row = rows[current];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = steps[event.key];
    if (step !== undefined) {
      go(step);
    } else if (row !== undefined && event.key === 'Enter' && onOpen) {
      onOpen(row);
    } else if (row === undefined || !onKey?.(event.key, row)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const template: CSSProperties = {
    gridTemplateColumns: columns.map((column, n) => (column.width.endsWith('fr') ? `minmax(${leastPx(n)}px, ${column.width})` : column.width)).join(' '),
    // A narrow window scrolls the list sideways before its words are cut to nothing.
    minWidth: columns.reduce((sum, column, n) => sum + GAP_PX + (column.width.endsWith('fr') ? leastPx(n) : Number.parseInt(column.width, 10)), GAP_PX),
  };
  if (error) return <div className={classes.apart}><FailureAdvice thrown={error} again={again} /></div>;
  return (
    <div className={classes.frame} style={height === undefined ? undefined : { maxHeight: height, flexShrink: 0 }}>
      <div
        ref={scroller}
        className={classes.grid}
        role="grid"
        aria-label={label}
        aria-rowcount={loading ? -1 : total + 1}
        aria-colcount={columns.length}
        aria-busy={loading}
        tabIndex={rows.length === 0 ? 0 : -1}
        onKeyDown={hear}
        style={{ flexBasis: ROW_PX + 2 + (loading ? LOADING_ROWS * rowPx : rows.length === 0 ? EMPTY_PX : total * rowPx) }}
      >
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row} style={template}>
            {columns.map((column) => {
              const down = sort === `-${column.key}`;
              const up = sort === column.key;
              return (
                <div
                  key={column.key}
                  role="columnheader"
                  className={classes.name}
                  data-numeric={column.numeric}
                  aria-sort={column.sortable ? (up ? 'ascending' : down ? 'descending' : 'none') : undefined}
                >
                  {column.sortable && onSort ? (
                    <button type="button" className={classes.sort} onClick={() => onSort(up ? `-${column.key}` : column.key)}>
                      {column.name}
                      {up && <ArrowUp size={12} aria-hidden />}
                      {down && <ArrowDown size={12} aria-hidden />}
                    </button>
                  ) : (
                    (column.head ?? column.name)
                  )}
                </div>
              );
            })}
          </div>
        </div>
        <div role="rowgroup" style={{ height: loading ? undefined : virtual.getTotalSize(), position: 'relative' }}>
          {loading &&
            Array.from({ length: LOADING_ROWS }, (_, n) => (
              // oxlint-disable-next-line react/no-array-index-key -- placeholders are all alike
              <div key={n} role="row" className={classes.row} style={{ ...template, height: rowPx }}>
                {columns.map((column) => (
                  <div key={column.key} role="gridcell">
                    <Skeleton height={12} width={`${50 + ((n * 17) % 40)}%`} />
                  </div>
                ))}
              </div>
            ))}
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid hears the keys of its rows
              <div
                key={rowKey(row)}
                role="row"
                aria-rowindex={item.index + 2}
                data-at={item.index}
                tabIndex={item.index === current ? 0 : -1}
                className={classes.row}
                data-opens={onOpen !== undefined}
                style={{ ...template, height: rowPx, transform: `translateY(${item.start}px)`, position: 'absolute', top: 0, left: 0, right: 0 }}
                onFocus={() => setAt(item.index)}
                onClick={(event) => {
                  if (event.target instanceof HTMLElement && event.target.closest('button, a, input')) return;
                  onOpen?.(row);
                }}
              >
                {columns.map((column) => (
                  <div key={column.key} role="gridcell" className={classes.cell} data-numeric={column.numeric}>
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
        {!loading && rows.length === 0 && (
          <div role="rowgroup">
            <div role="row">
              <div role="gridcell" aria-colspan={columns.length}>
                <Empty icon={empty.icon} title={empty.title} actions={empty.actions}>
                  {empty.text}
                </Empty>
              </div>
            </div>
          </div>
        )}
      </div>
      <div className={classes.foot} aria-live="polite">
        {loading ? t('loading') : t('grid-total', { n: total })}
      </div>
    </div>
  );
}
