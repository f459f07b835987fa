import { useState } from 'react';

import type { CycleRow } from '../../api/bindings/CycleRow';
import { Advice } from '../../parts/advice';
import { Moment } from '../../parts/moment';
import { Section } from '../../parts/page';
import { useWords } from '../../words/words';
import classes from './cycles.module.css';

/** Moments that are told at once; the others where somebody asks. */
const TOLD = 3;

/** The next moments at which something fires. */
export function Firings({ next }: { next: readonly string[] }) {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  const more = next.length - TOLD;
  return (
    <>
      {next.slice(0, all ? undefined : TOLD).map((at, place) => (
        <span key={at}>
          {place > 0 && ', '}
          <Moment at={at} />
        </span>
      ))}
      {more > 0 && (
        <>
          {' '}
          <button type="button" className={classes.more} aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? t('firings-fewer') : t('firings-more', { n: more })}
          </button>
        </>
      )}
    </>
  );
}

/** What fires again and again in a definition, what that means, and when it would be. */
export function Cycles({ rows }: { rows: readonly CycleRow[] }) {
  const { t } = useWords();
  if (rows.length === 0) return null;
  return (
    <Section title={t('cycles')}>
      <div className="stack-tight">
        {rows.map(({ element, name, text, explained }) => (
          <div key={element}>
            <p>
              <strong>{name}</strong> <code>{text}</code>
            </p>
            {explained.problem && <Advice tone="bad">{explained.problem}</Advice>}
            {explained.next.length > 0 && (
              <p className="small dim">
                {explained.words && <span className={classes.words}>{explained.words}. </span>}
                {explained.surprises.map((surprise) => (
                  <span key={surprise}>{surprise}. </span>
                ))}
                {t('design-timer-next')} <Firings next={explained.next} />
              </p>
            )}
            {explained.variables.length > 0 && <p className="small dim">{t('design-timer-variable', { names: explained.variables.join(', ') })}</p>}
          </div>
        ))}
      </div>
    </Section>
  );
}
