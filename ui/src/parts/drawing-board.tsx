import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState, type RefObject } from 'react';

import type { DesignChange } from '../api/bindings/DesignChange';
import { host } from '../api/call';
import { useWords } from '../words/words';
import { FailureAdvice } from './advice';
import type { DiagramMark } from './diagram';
import type { Done } from './diagram/changes';
import type { ModelerHandle } from './diagram/modeler';
import classes from './diagram.module.css';

export type { Done } from './diagram/changes';
export type Board = ModelerHandle;

/** A document that the board is to show; another `at` shows it anew. */
export interface Sheet {
  xml: string;
  at: number;
}

/** A process to draw on, by bpmn-js, whose mark stays visible as its licence asks. It is fetched where it is needed only. */
export function DrawingBoard({
  sheet,
  marks,
  board,
  label,
  onChanges,
  onSelect,
  onUndo,
  onRedo,
}: {
  sheet: Sheet;
  marks: readonly DiagramMark[];
  /** Where the board is handed out, once it is there. */
  board: RefObject<Board | null>;
  label: string;
  onChanges: (done: Done, changes: DesignChange[]) => void;
  onSelect: (ids: string[]) => void;
  onUndo: () => void;
  onRedo: () => void;
}) {
  const { t } = useWords();
  const scheme = useComputedColorScheme('light');
  const place = useRef<HTMLDivElement>(null);
  const [ready, setReady] = useState<Board | null>(null);
  const [error, setError] = useState<unknown>(null);
  const heard = useRef({ onChanges, onSelect, onUndo, onRedo, t });
  useEffect(() => {
    heard.current = { onChanges, onSelect, onUndo, onRedo, t };
  });

  useEffect(() => {
    let made: Board | null = null;
    let gone = false;
    void import('./diagram/modeler').then(({ openModeler }) => {
      if (gone || !place.current) return;
      made = openModeler({
        container: place.current,
        t: (name) => heard.current.t(name),
        onChanges: (done, changes) => heard.current.onChanges(done, changes),
        onSelect: (ids) => heard.current.onSelect(ids),
        onUndo: () => heard.current.onUndo(),
        onRedo: () => heard.current.onRedo(),
      });
      board.current = made;
      setReady(made);
    }, setError);
    return () => {
      gone = true;
      board.current = null;
      setReady(null);
      made?.destroy();
    };
  }, [scheme, board]);

  useEffect(() => {
    if (!ready) return;
    ready.show(sheet.xml).then(() => setError(null), setError);
    // A sheet is another one only by its number.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [ready, sheet.at]);

  useEffect(() => {
    ready?.mark(marks);
  }, [ready, marks]);

  useEffect(() => {
    const frame = place.current;
    const hear = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="http"]') : null;
      if (!link) return;
      event.preventDefault();
      event.stopPropagation();
      const url = link.getAttribute('href');
      if (url) void host().then((one) => one.openOutside(url.replace(/^http:/, 'https:')));
    };
    frame?.addEventListener('click', hear, true);
    return () => frame?.removeEventListener('click', hear, true);
  }, []);

  return (
    <div className={classes.frame} data-board style={{ height: '100%' }} aria-busy={ready === null}>
      {error !== null && <FailureAdvice thrown={error} />}
      <div ref={place} className={classes.canvas} role="group" aria-label={label} />
    </div>
  );
}
