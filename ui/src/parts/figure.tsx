import { ActionIcon, Menu, SegmentedControl, Skeleton } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { Copy } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';

import type { Figure as Drawn } from '../api/bindings/Figure';
import type { FigureHit } from '../api/bindings/FigureHit';
import { useWords } from '../words/words';
import { FailureAdvice } from './advice';
import classes from './figure.module.css';
import { Table } from './table';

/** Farther than this many pixels from every point, the pointer points at nothing. */
const REACH_PX = 48;

/**
 * A figure drawn in Rust for exactly the width it has here: a crosshair and a value under the pointer, the same values by
 * arrow keys (announced as they change), and the numbers as a table.
 */
export function Figure({
  title,
  height = 300,
  drawing,
  error,
  onWidth,
  picture,
  aside,
}: {
  title: string;
  height?: number;
  drawing: Drawn | undefined;
  error?: unknown;
  /** Hears the width to draw for, whenever it changes. */
  onWidth: (width: number) => void;
  /** Draws it as a PNG (base64) for the clipboard, where that is offered. */
  picture?: () => Promise<string>;
  aside?: ReactNode;
}) {
  const { t } = useWords();
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const { ref, width: later } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const merged = useMergedRef(ref, place);
  const [first, setFirst] = useState(0);
  // Measured before it is painted: the drawing is under way while the page is shown for the first time.
  useLayoutEffect(() => setFirst(place.current?.clientWidth ?? 0), []);
  const width = later || first;
  const [heard, setHeard] = useState(0);
  const wanted = Math.max(200, Math.min(2000, Math.round(width)));
  if (width > 0 && heard !== wanted) {
    setHeard(wanted);
    queueMicrotask(() => onWidth(wanted));
  }
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>
        <h2>{title}</h2>
        <div className="line">
          {aside}
          <SegmentedControl
            size="xs"
            value={view}
            onChange={(value) => setView(value === 'table' ? 'table' : 'chart')}
            aria-label={t('figure-view', { title })}
            data={[
              { value: 'chart', label: t('figure-chart') },
              { value: 'table', label: t('figure-table') },
            ]}
          />
          {drawing && <CopyMenu title={title} drawing={drawing} {...(picture ? { picture } : {})} />}
        </div>
      </figcaption>
      <div ref={merged} className={classes.place} style={{ minHeight: height }}>
        {error ? (
          <FailureAdvice thrown={error} />
        ) : !drawing ? (
          <Skeleton height={height} />
        ) : view === 'chart' ? (
          <Chart title={title} drawing={drawing} height={height} />
        ) : (
          <div className={classes.numbers} style={{ maxHeight: height }}>
            <Table
              label={title}
              rows={drawing.table.rows}
              rowKey={(_, at) => String(at)}
              columns={drawing.table.columns.map((name, column) => ({ name, numeric: column > 0, cell: (row: string[]) => row[column] ?? '' }))}
            />
          </div>
        )}
      </div>
    </figure>
  );
}

/** Copies the figure as a picture, its numbers, or a link to where it stands. */
function CopyMenu({ title, drawing, picture }: { title: string; drawing: Drawn; picture?: () => Promise<string> }) {
  const { t } = useWords();
  const done = (copied: Promise<void>) =>
    void copied.then(
      () => notifications.show({ message: t('figure-copied') }),
      (thrown: unknown) => notifications.show({ message: <FailureAdvice thrown={thrown} />, autoClose: false }),
    );
  return (
    <Menu position="bottom-end" shadow="sm">
      <Menu.Target>
        <ActionIcon size={26} aria-label={t('figure-copy', { title })}>
          <Copy size={14} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {picture && (
          <Menu.Item
            onClick={() => {
              // The item takes a promise: a browser allows the clipboard only while the click is being answered.
              const blob = picture().then((png) => new Blob([Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0))], { type: 'image/png' }));
              done(navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]));
            }}
          >
            {t('figure-copy-picture')}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => done(navigator.clipboard.writeText(asCsv([drawing.table.columns, ...drawing.table.rows])))}>{t('figure-copy-numbers')}</Menu.Item>
        <Menu.Item onClick={() => done(navigator.clipboard.writeText(`countersign://${window.location.hash.replace(/^#/, '')}`))}>{t('figure-copy-link')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Rows as CSV: cells with a comma, a quote or a line's end are quoted. */
export function asCsv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join(',')).join('\r\n');
}

function Chart({ title, drawing, height }: { title: string; drawing: Drawn; height: number }) {
  const { t } = useWords();
  const [at, setAt] = useState<number | null>(null);
  const [byKey, setByKey] = useState(false);
  const series = useMemo(() => lines(drawing.hits), [drawing.hits]);
  const hit = at === null ? undefined : drawing.hits[at];
  const [left, top, plotWidth, plotHeight] = drawing.plot;

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setByKey(false);
    setAt(nearest(drawing.hits, event.clientX - box.left, event.clientY - box.top));
  };
  const hear = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      setAt(null);
      return;
    }
    const next = step(series, at, event.key);
    if (next === null) return;
    event.preventDefault();
    setByKey(true);
    setAt(next);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application hears its own keys
    <div
      className={classes.chart}
      style={{ height }}
      role="application"
      aria-roledescription={t('figure-chart')}
      aria-label={t('figure-keys', { title })}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the arrow keys walk its points
      tabIndex={0}
      onPointerMove={point}
      onPointerLeave={() => setAt(null)}
      onKeyDown={hear}
      onBlur={() => setAt(null)}
    >
      {/* The drawing is made by crates/charts, which escapes every text it is given. */}
      <div dangerouslySetInnerHTML={{ __html: drawing.svg }} />
      {hit && (
        <>
          <div className={classes.crosshair} style={{ left: hit.x, top, height: plotHeight }} />
          <div className={classes.dot} style={{ left: hit.x, top: hit.y }} />
          <div
            className={classes.tip}
            style={{
              left: hit.x,
              top: Math.max(top, hit.y - 14),
              transform: hit.x > left + plotWidth * 0.62 ? 'translate(calc(-100% - 12px), -50%)' : 'translate(12px, -50%)',
            }}
          >
            <strong>{hit.series}</strong>
            <span className="num">{hit.label}</span>
          </div>
        </>
      )}
      <span className="hidden-text" aria-live="polite">
        {hit && byKey ? `${hit.series}: ${hit.label}` : ''}
      </span>
    </div>
  );
}

/** The points' places in `hits`, line by line, each from left to right. */
export function lines(hits: readonly FigureHit[]): number[][] {
  const found = new Map<string, number[]>();
  hits.forEach((hit, at) => found.set(hit.series, [...(found.get(hit.series) ?? []), at]));
  return [...found.values()].map((line) => line.toSorted((a, b) => (hits[a]?.x ?? 0) - (hits[b]?.x ?? 0)));
}

/** The point nearest to a place, or none within reach. */
export function nearest(hits: readonly FigureHit[], x: number, y: number): number | null {
  let best: number | null = null;
  let least = REACH_PX ** 2;
  hits.forEach((hit, at) => {
    const distance = (hit.x - x) ** 2 + (hit.y - y) ** 2;
    if (distance < least) [best, least] = [at, distance];
  });
  return best;
}

/** Where an arrow key leads: along the line left and right, to the next line up and down. */
export function step(series: readonly number[][], at: number | null, key: string): number | null {
  const along = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[key];
  const across = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (along === undefined && across === undefined) return null;
  const row = at === null ? -1 : series.findIndex((line) => line.includes(at));
  const line = series[row];
  if (at === null || line === undefined) return series[0]?.[0] ?? null;
  const column = line.indexOf(at);
  if (across !== undefined) {
    const other = series[(row + across + series.length) % series.length] ?? line;
    return other[Math.round((column / Math.max(1, line.length - 1)) * (other.length - 1))] ?? at;
  }
  return line[Math.max(0, Math.min(line.length - 1, column + (along ?? 0)))] ?? at;
}
