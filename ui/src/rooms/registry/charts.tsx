import { useState } from 'react';

import { useRead } from '../../api/query';
import { Figure } from '../../parts/figure';
import { Section } from '../../parts/page';
import { useWords } from '../../words/words';

const HEIGHT_PX = 320;

/** ROC and lift of a version, with others laid over it if asked. */
export function Charts({ version, hasRoc, hasLift, others = [] }: { version: string; hasRoc: boolean; hasLift: boolean; others?: readonly string[] }) {
  if (!hasRoc && !hasLift) return null;
  return (
    <div className="halves">
      {hasRoc && <OneChart version={version} kind="roc" others={others} />}
      {hasLift && <OneChart version={version} kind="lift" others={others} />}
    </div>
  );
}

function OneChart({ version, kind, others }: { version: string; kind: 'roc' | 'lift'; others: readonly string[] }) {
  const { t, language } = useWords();
  const [width, setWidth] = useState(0);
  const figure = useRead('registry.figure', { version, kind, width, height: HEIGHT_PX, with: [...others], language }, { enabled: width > 0, keep: true });
  return (
    <Section>
      <Figure title={t(kind === 'roc' ? 'figure-roc' : 'figure-lift')} height={HEIGHT_PX} drawing={figure.data} error={figure.error} onWidth={setWidth} />
    </Section>
  );
}
