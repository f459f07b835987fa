import { Skeleton, useComputedColorScheme } from '@mantine/core';
import { lazy, Suspense } from 'react';

import { useWords } from '../words/words';
import { Empty } from './advice';
import classes from './diagram.module.css';

/** What is shown on top of an element. */
export interface DiagramMark {
  element: string;
  tone: 'token' | 'late' | 'incident' | 'armed' | 'done' | 'error' | 'warning' | 'added' | 'removed' | 'changed' | 'moved';
  /** A short text on the element's corner. */
  badge?: string;
}

/** Diagrams whose views move together: each puts itself in. */
export type DiagramLink = Set<{ follow(box: { x: number; y: number; width: number; height: number }): void }>;

/** Tokens that go along flows: the elements visited, in order; another `at` moves them again. */
export interface DiagramWay {
  visited: readonly string[];
  at: number;
}

export interface DiagramProps {
  xml: string;
  marks?: readonly DiagramMark[];
  height: number;
  onElement?: (element: string) => void;
  /** Says in words what the marks show, for who cannot see them. */
  description?: string;
  link?: DiagramLink;
  way?: DiagramWay;
}

// bpmn-js is most of what the window weighs; pages without a diagram never fetch it.
const Canvas = lazy(() => import('./diagram/canvas'));

/** A process as its diagram, to look at: drawn by bpmn-js, whose mark stays visible as its licence asks. */
export function Diagram(props: DiagramProps) {
  const scheme = useComputedColorScheme('light');
  const { t } = useWords();
  // A definition need not be drawn to run.
  if (!/<(?:[\w.-]+:)?BPMNDiagram[\s>]/.test(props.xml)) return <Empty title={t('diagram-none')}>{t('diagram-none-text')}</Empty>;
  return (
    <div className={classes.frame} style={{ height: props.height }}>
      <Suspense fallback={<Skeleton height="100%" radius={6} />}>
        <Canvas key={scheme} {...props} />
      </Suspense>
    </div>
  );
}
