import { Link } from '@tanstack/react-router';

import type { VersionPage } from '../../api/bindings/VersionPage';
import { Section } from '../../parts/page';
import { useWords } from '../../words/words';
import { Charts } from './charts';
import { FitStatistics } from './statistics';

/** What a reviewer looks at before signing, on the page where they sign: figures, numbers, and the way to the files. */
export function Evidence({ shown }: { shown: VersionPage }) {
  const { t } = useWords();
  const to = { to: '/versions/$version', params: { version: shown.version } } as const;
  return (
    <>
      <Charts version={shown.version} hasRoc={shown.has_roc} hasLift={shown.has_lift} />
      <Section
        title={t('fit-of', { name: `${shown.model.name} ${shown.number}` })}
        flush
        aside={
          <>
            <Link {...to} search={{ tab: 'files' }}>
              {t('evidence-files', { n: shown.files.length })}
            </Link>
            <Link {...to} search={{ tab: 'variables' }}>
              {t('evidence-variables', { n: shown.variables.length })}
            </Link>
            <Link {...to} search={{ tab: 'findings' }}>
              {t('evidence-findings', { n: shown.findings.length })}
            </Link>
          </>
        }
      >
        <FitStatistics table={shown.fit_statistics} />
      </Section>
    </>
  );
}
