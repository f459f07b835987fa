import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';

import { useRead, useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { useWords } from '../../words/words';
import classes from './settings.module.css';

/** The price table that estimates are made with: the one that comes with this version, or the desk's own. */
export function Prices() {
  const { t } = useWords();
  const read = useRead('runs.prices', {});
  const set = useWrite('runs.set_prices');
  const [table, setTable] = useState('');
  const shown = read.data;
  return (
    <Section
      title={t('prices')}
      aside={
        shown?.own && (
          <Button size="compact-xs" loading={set.isPending} onClick={() => set.mutate({ bundled: true })}>
            {t('prices-bundled')}
          </Button>
        )
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          set.mutate({ table, bundled: false }, { onSuccess: () => setTable('') });
        }}
      >
        <p className="dim small">{t('prices-text')}</p>
        {read.error && <FailureAdvice thrown={read.error} again={() => void read.refetch()} />}
        {shown && (
          <Pairs
            of={[
              [t('prices-whose'), t(shown.own ? 'prices-own' : 'prices-of-version')],
              [t('prices-day'), shown.recorded_on],
              [t('prices-currency'), shown.currency],
              ...shown.regions.map(({ recorded_on, regions }) => [t('prices-regions', { day: recorded_on }), <Regions of={regions} />] as const),
              [t('prices-note'), shown.note],
            ]}
          />
        )}
        <Textarea label={t('prices-other')} description={t('prices-other-text')} minRows={3} maxRows={12} autosize spellCheck={false} placeholder='{"recorded_on": "2026-11-27", "currency": "CHF", …}' value={table} onChange={(event) => setTable(event.currentTarget.value)} />
        {set.error && <FailureAdvice thrown={set.error} />}
        <div className="line">
          <Button type="submit" variant="filled" disabled={table.trim() === ''} loading={set.isPending}>
            {t('prices-set')}
          </Button>
        </div>
      </form>
    </Section>
  );
}

/** Names that break between them, not at their hyphens. */
function Regions({ of }: { of: readonly string[] }) {
  return (
    <span className={classes.regions}>
      {of.map((name) => (
        <code key={name}>{name}</code>
      ))}
    </span>
  );
}
