import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';

import { ActionIcon, Tooltip } from '@mantine/core';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { host } from '../../api/call';
import { useWords } from '../../words/words';
import { FailureAdvice } from '../advice';
import type { DiagramProps } from '../diagram';
import classes from '../diagram.module.css';
import { travel } from './travel';
import { draw, drawingStyle, fit, follow, widenLabels, zoomBy } from './viewer';

/** Everything that knows bpmn-js. Drawn anew when the document changes (and, by its key, when the colours do); marks come and go on top. */
export default function DiagramCanvas({ xml, marks = [], onElement, description, link, way }: DiagramProps) {
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
    const made = new NavigatedViewer({ container: place.current, ...drawingStyle() });
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

  useEffect(() => {
    if (viewer && link) return follow(viewer, link);
  }, [viewer, link]);

  useEffect(() => {
    if (viewer && way) return travel(viewer, way.visited);
    // A way is another one only by its number.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [viewer, way?.at]);

  // The mark leads to its makers' page, which opens in the browser and never in this window.
  useEffect(() => {
    const frame = place.current;
    const hear = (event: MouseEvent) => {
      const anchor = event.target instanceof Element ? event.target.closest('a[href^="http"]') : null;
      if (!anchor) return;
      event.preventDefault();
      event.stopPropagation();
      const url = anchor.getAttribute('href');
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
