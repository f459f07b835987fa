import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ArrowDown, Printer } from 'lucide-react';
import type { ReactNode } from 'react';

import type { VersionPage as Shown } from '../../api/bindings/VersionPage';
import { useRead } from '../../api/query';
import { Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Digest } from '../../parts/digest';
import { Moment } from '../../parts/moment';
import { Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { useWords } from '../../words/words';
import classes from './card.module.css';
import { Charts } from './charts';
import { FitStatistics } from './statistics';

/** The model card: what somebody who was not there must know before they rely on the model. It prints on paper. */
export function Card({ shown }: { shown: Shown }) {
  const { t } = useWords();
  const project = useRead('registry.show_project', { project: shown.model.project });
  const of = (name: string) => shown.properties.find((property) => property.name.toLowerCase() === name.toLowerCase())?.value ?? '';
  const inputs = shown.variables.filter((variable) => variable.direction === 'input');
  const others = shown.variables.filter((variable) => variable.direction !== 'input');
  const limits = [...shown.warnings, ...shown.findings.map((finding) => (finding.waived === null ? finding.message : `${finding.message} ${t('finding-waived', { reason: finding.waived })}`))];
  return (
    <article className={classes.card} aria-label={t('card-of', { name: `${shown.model.name} ${shown.number}` })}>
      <div className={classes.head}>
        <p className="dim">{t('card-lead', { name: `${shown.model.name} ${shown.number}`, project: shown.model.project_name })}</p>
        <Button className={classes.print} leftSection={<Printer size={14} aria-hidden />} onClick={() => window.print()}>
          {t('card-print')}
        </Button>
      </div>
      <Section title={t('card-purpose')}>
        <p data-text>{project.data?.project.description || t('project-no-purpose')}</p>
        {of('description') !== '' && <p data-text>{of('description')}</p>}
      </Section>
      <div className="halves">
        <Section title={t('card-owner')}>
          <Pairs
            of={[
              [t('card-modeler'), of('modeler') || shown.registered_by],
              [t('card-registered-by'), shown.registered_by],
              [t('col-registered'), <Moment at={shown.registered_at} />],
              [t('col-algorithm'), shown.model.algorithm ?? t('card-unsaid')],
              [t('col-tool'), shown.model.tool ?? t('card-unsaid')],
            ]}
          />
        </Section>
        <Section title={t('card-data')}>
          <Pairs
            of={[
              [t('col-target'), others.find((variable) => variable.direction === 'target')?.name ?? (of('targetVariable') || t('card-unsaid'))],
              [t('card-training-table'), of('trainTable') || t('card-unsaid')],
              [t('card-inputs', { n: inputs.length }), inputs.length === 0 ? t('card-unsaid') : inputs.map((variable) => variable.name).join(', ')],
              [t('card-outputs'), others.filter((variable) => variable.direction === 'output').map((variable) => variable.name).join(', ') || t('card-unsaid')],
            ]}
          />
        </Section>
      </div>
      <Section title={t('tab-performance')} flush>
        <FitStatistics table={shown.fit_statistics} />
      </Section>
      <Charts version={shown.version} hasRoc={shown.has_roc} hasLift={shown.has_lift} />
      <Section title={t('card-limits')}>
        {limits.length === 0 ? (
          <p>{t('card-limits-none')}</p>
        ) : (
          <ul className={classes.limits}>
            {limits.map((limit) => (
              <li key={limit}>
                <Ticks text={limit} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('card-lineage')}>
        <ol className={classes.lineage}>
          <Step name={t('card-step-package')} done>
            <Digest value={shown.digest} length={16} /> · {t('evidence-files', { n: shown.files.length })}
          </Step>
          <Step name={t('card-step-registered')} done>
            {shown.registered_by} · <Moment at={shown.registered_at} /> · <EntryLink position={shown.position} />
          </Step>
          {shown.approvals.length === 0 && <Step name={t('card-step-signed')}>{t('approvals-none')}</Step>}
          {shown.approvals.map((approval) => (
            <Step key={approval.position} name={t('card-step-signed')} done={approval.current && approval.decides && approval.decision === 'approved'}>
              <Badge tone={approval.decision === 'approved' ? 'good' : 'bad'}>{t(approval.decision === 'approved' ? 'decision-approved' : 'decision-rejected')}</Badge>{' '}
              {!approval.current && <Badge tone="warn">{t('approval-outdated')}</Badge>} {!approval.decides && <Badge>{t('approval-counted')}</Badge>} {approval.member} · <Moment at={approval.at} /> · <EntryLink position={approval.position} />
              {approval.note && <p data-text>{approval.note}</p>}
            </Step>
          ))}
          {shown.migrations.length === 0 && <Step name={t('card-step-migrated')}>{t('card-not-migrated')}</Step>}
          {shown.migrations.map((migration) => (
            <Step key={migration.run} name={t('card-step-migrated')} done>
              {migration.bucket} · <Moment at={migration.at} /> · <Digest value={migration.manifest} length={12} /> ·{' '}
              <Link to="/runs/$run" params={{ run: migration.run }}>
                {t('col-run')}
              </Link>
            </Step>
          ))}
          <Step name={t('card-step-place')} done={shown.role === 'champion' || shown.role === 'challenger'}>
            {shown.role === 'champion' || shown.role === 'challenger' ? t(`place-${shown.role}`) : t('card-no-place')}
          </Step>
        </ol>
      </Section>
    </article>
  );
}

function EntryLink({ position }: { position: number }) {
  const { t } = useWords();
  return (
    <Link to="/ledger/$position" params={{ position: String(position) }}>
      {t('entry-n', { n: position })}
    </Link>
  );
}

/** A station of a package on its way into use; one it has not reached is drawn hollow. */
function Step({ name, done = false, children }: { name: string; done?: boolean; children: ReactNode }) {
  const { t } = useWords();
  return (
    <li className={classes.step} data-done={done}>
      <span className={classes.dot} aria-hidden>
        <ArrowDown size={10} />
      </span>
      <div>
        <h3>
          {name} {!done && <span className="hidden-text">{t('card-not-reached')}</span>}
        </h3>
        <div>{children}</div>
      </div>
    </li>
  );
}
