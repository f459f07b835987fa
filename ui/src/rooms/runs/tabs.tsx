import { Link } from '@tanstack/react-router';

import { useWords } from '../../words/words';
import classes from './tabs.module.css';

const TABS = [
  { to: '/runs', word: 'nav-runs' },
  { to: '/schedules', word: 'schedules' },
  { to: '/buckets', word: 'buckets-title' },
  { to: '/targets', word: 'targets-title' },
  { to: '/cluster-templates', word: 'cluster-templates' },
  { to: '/leftovers', word: 'leftovers' },
] as const;

/** The pages of the runs room, one a key away from the other. */
export function RunsTabs() {
  const { t } = useWords();
  return (
    <nav className={classes.tabs} aria-label={t('runs-pages')}>
      {TABS.map((tab) => (
        <Link key={tab.to} to={tab.to} className={classes.tab} activeOptions={{ exact: true, includeSearch: false }}>
          {t(tab.word)}
        </Link>
      ))}
    </nav>
  );
}
