import { Link } from '@tanstack/react-router';

import { useRead } from '../../api/query';
import { Ago } from '../../parts/moment';
import { Section } from '../../parts/page';
import { useWords } from '../../words/words';
import { Level } from './health';

/** Monitors on which whoever acts here is to decide, for the inbox; nothing where there is none. */
export function DecisionsToTake() {
  const { t } = useWords();
  const wanted = useRead('monitoring.decisions', {}).data ?? [];
  if (wanted.length === 0) return null;
  return (
    <Section title={t('inbox-decisions')}>
      <ul className="stack-tight" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {wanted.map((row) => (
          <li key={row.monitor} className="stack-tight" style={{ gap: 1 }}>
            <span className="spread">
              <Link className="cut" to="/monitoring/$monitor" params={{ monitor: row.monitor }} search={{ decide: true }}>
                {row.monitor_name} · {row.version_label}
              </Link>
              <Level of={row.level} />
            </span>
            <span className="small dim cut">
              {t('inbox-decision', { alerts: row.alerts, period: row.period })} · <Ago at={row.since} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
