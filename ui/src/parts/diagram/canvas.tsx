import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';

import { ActionIcon, Tooltip } from '@mantine/core';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { host } from '../../api/call';
import { useWords } from '../../words/words';
import { FailureAdvice } from '../advice';
import type { DiagramMark, DiagramProps } from '../diagram';
import classes from '../diagram.module.css';

interface Canvas {
  zoom(level: number | 'fit-viewport', center?: 'auto' | { x: number; y: number }): number;
  viewbox(): { inner: { width: number; height: number }; scale: number };
  addMarker(element: string, marker: string): void;
  removeMarker(element: string, marker: string): void;
}
interface Overlays {
  add(element: string, kind: string, overlay: { position: object; html: HTMLElement; scale: boolean }): string;
  remove(filter: { type: string }): void;
}
interface Element {
  x: number;
  width: number;
  labelTarget?: unknown;
}
interface Elements {
  get(id: string): unknown;
  forEach(visit: (element: Element, drawn: SVGElement) => void): void;
}
interface Drawing {
  update(kind: 'shape', element: Element, drawn: SVGElement): void;
}

/** Labels beside shapes are given at least this width: many files say one in which no word has room. */
const LABEL_PX = 92;
/** A diagram is never drawn larger than life: small processes keep their size. */
const ZOOM_MAX = 1.1;

/** Everything that knows bpmn-js. Drawn anew when the document changes (and, by its key, when the colours do); marks come and go on top. */
export default function DiagramCanvas({ xml, marks = [], onElement, description }: DiagramProps) {
  const { t } = useWords();
  const place = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<NavigatedViewer | null>(null);
  const [error, setError] = useState<unknown>(null);
  const pick = useRef(onElement);
  useEffect(() => {
    pick.current = onElement;
  });

  useEffect(() => {
    if (!place.current) return;
    const style = getComputedStyle(document.documentElement);
    const made = new NavigatedViewer({
      container: place.current,
      bpmnRenderer: {
        defaultFillColor: style.getPropertyValue('--surface').trim(),
        defaultStrokeColor: style.getPropertyValue('--diagram-line').trim(),
        defaultLabelColor: style.getPropertyValue('--ink').trim(),
      },
      textRenderer: { defaultStyle: { fontFamily: "'Inter Variable', sans-serif", fontSize: 12 } },
    });
    let gone = false;
    setError(null);
    made.importXML(xml).then(
      () => {
        if (gone) return;
        widenLabels(made);
        fit(made);
        made.on('element.click', (event: { element: { id: string } }) => pick.current?.(event.element.id));
        setViewer(made);
      },
      (thrown: unknown) => {
        if (!gone) setError(thrown);
      },
    );
    return () => {
      gone = true;
      setViewer(null);
      made.destroy();
    };
  }, [xml]);

  useEffect(() => {
    if (!viewer) return;
    return draw(viewer, marks);
  }, [viewer, marks]);

  // The mark leads to its makers' page, which opens in the browser and never in this window.
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

  if (error !== null) return <FailureAdvice thrown={error} />;
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the viewer moves by keys when focused */}
      <div ref={place} className={classes.canvas} tabIndex={0} role="group" aria-label={description ?? t('diagram')} />
      <div className={classes.zoom}>
        <Tooltip label={t('diagram-in')} position="left">
          <ActionIcon size={26} aria-label={t('diagram-in')} onClick={() => viewer && zoomBy(viewer, 1.25)}>
            <Plus size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('diagram-out')} position="left">
          <ActionIcon size={26} aria-label={t('diagram-out')} onClick={() => viewer && zoomBy(viewer, 0.8)}>
            <Minus size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('diagram-fit')} position="left">
          <ActionIcon size={26} aria-label={t('diagram-fit')} onClick={() => viewer && fit(viewer)}>
            <Maximize size={13} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </>
  );
}

/** Puts the marks on, and returns how to take them off. */
function draw(viewer: NavigatedViewer, marks: readonly DiagramMark[]): () => void {
  const canvas = viewer.get<Canvas>('canvas');
  const overlays = viewer.get<Overlays>('overlays');
  const elements = viewer.get<Elements>('elementRegistry');
  const known = marks.filter((mark) => elements.get(mark.element) !== undefined);
  for (const mark of known) {
    canvas.addMarker(mark.element, `mark-${mark.tone}`);
    if (!mark.badge) continue;
    const badge = document.createElement('div');
    badge.className = classes.badge ?? '';
    badge.dataset.tone = mark.tone;
    badge.textContent = mark.badge;
    overlays.add(mark.element, 'badge', { position: { top: -11, right: 18 }, html: badge, scale: false });
  }
  return () => {
    // The viewer may be gone already, and its parts with it.
    try {
      for (const mark of known) canvas.removeMarker(mark.element, `mark-${mark.tone}`);
      overlays.remove({ type: 'badge' });
    } catch {
      // Nothing is left to take off.
    }
  };
}

function widenLabels(viewer: NavigatedViewer): void {
  const drawing = viewer.get<Drawing>('graphicsFactory');
  viewer.get<Elements>('elementRegistry').forEach((element, drawn) => {
    if (!element.labelTarget || element.width >= LABEL_PX) return;
    element.x -= (LABEL_PX - element.width) / 2;
    element.width = LABEL_PX;
    drawing.update('shape', element, drawn);
  });
}

function fit(viewer: NavigatedViewer): void {
  const canvas = viewer.get<Canvas>('canvas');
  if (canvas.zoom('fit-viewport', 'auto') > ZOOM_MAX) canvas.zoom(ZOOM_MAX, 'auto');
}

function zoomBy(viewer: NavigatedViewer, factor: number): void {
  const canvas = viewer.get<Canvas>('canvas');
  canvas.zoom(canvas.viewbox().scale * factor, 'auto');
}
