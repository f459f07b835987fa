import { useState, type ReactNode } from 'react';

import { call } from '../../api/call';
import { useRead } from '../../api/query';
import { Figure } from '../../parts/figure';
import { useWords } from '../../words/words';

/** What a figure of a report shows. */
export interface ChartOf {
  report: string;
  kind: string;
  period?: string | undefined;
  variable?: string | undefined;
  metric?: string | undefined;
  baseline?: boolean | undefined;
  with?: string[] | undefined;
}

/** A figure of a report, drawn in Rust for the width it has here. */
export function Chart({ of, title, height, aside }: { of: ChartOf; title: string; height: number; aside?: ReactNode }) {
  const { language } = useWords();
  const [width, setWidth] = useState(0);
  const request = { ...Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)), report: of.report, kind: of.kind, height, language };
  const figure = useRead('monitoring.figure', { ...request, width }, { enabled: width > 0, keep: true });
  return (
    <Figure
      title={title}
      height={height}
      drawing={figure.data}
      error={figure.error}
      onWidth={setWidth}
      aside={aside}
      picture={async () => (await call('monitoring.picture', { ...request, width: Math.max(width, 480) })).png}
    />
  );
}
