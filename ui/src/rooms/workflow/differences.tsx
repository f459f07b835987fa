import { Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';

import type { Difference } from '../../api/bindings/Difference';
import { useRead } from '../../api/query';
import { Empty, FailureAdvice } from '../../parts/advice';
import { Badge, type Tone } from '../../parts/badge';
import { Diagram, type DiagramLink, type DiagramMark } from '../../parts/diagram';
import { Page, PageLoading, Section } from '../../parts/page';
import { useWords } from '../../words/words';
import classes from './differences.module.css';

const TONES: Record<Difference['kind'], Tone> = { added: 'good', removed: 'bad', changed: 'warn', moved: 'accent' };

/** What differs between two versions of a process: both drawn, the views moving together, and a list of what was done. */
export function DefinitionDifferences({ before, after }: { before: string; after: string }) {
  const { t, known } = useWords();
  const read = useRead('workflow.compare_definitions', { before, after }, { enabled: before !== '' && after !== '' });
  const [moved, setMoved] = useState(false);
  const [picked, setPicked] = useState<string | null>(null);
  const [link] = useState<DiagramLink>(() => new Set());
  const rows = useMemo(() => (read.data?.differences ?? []).filter((one) => moved || one.kind !== 'moved'), [read.data, moved]);
  const marks = (kinds: readonly Difference['kind'][]): DiagramMark[] =>
    rows
      .filter((one) => kinds.includes(one.kind))
      .map((one) => ({ element: one.element, tone: one.kind, ...(one.element === picked ? { badge: t(`difference-${one.kind}`) } : {}) }));
  const crumbs = [<Link to="/workflows">{t('nav-workflows')}</Link>];
  if (read.error) {
    return (
      <Page title={t('differences')} crumbs={crumbs}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  if (!read.data) return before === '' || after === '' ? <Page title={t('differences')} crumbs={crumbs}><Empty title={t('differences-choose')} /></Page> : <PageLoading />;
  const shown = read.data;
  const count = (kind: Difference['kind']) => shown.differences.filter((one) => one.kind === kind).length;
  return (
    <Page
      title={t('differences-title', { before: shown.before_name, after: shown.after_name })}
      crumbs={crumbs}
      badges={(['added', 'removed', 'changed', 'moved'] as const).map((kind) => count(kind) > 0 && <Badge key={kind} tone={TONES[kind]}>{`${count(kind)} ${t(`difference-${kind}`)}`}</Badge>)}
      actions={<Checkbox label={t('differences-moved')} checked={moved} onChange={(event) => setMoved(event.currentTarget.checked)} />}
    >
      <div className={classes.sides}>
        <Section title={shown.before_name} flush>
          <Diagram xml={shown.before} marks={marks(['removed', 'changed', 'moved'])} height={380} link={link} onElement={setPicked} description={t('diagram-of-definition', { name: shown.before_name })} />
        </Section>
        <Section title={shown.after_name} flush>
          <Diagram xml={shown.after} marks={marks(['added', 'changed', 'moved'])} height={380} link={link} onElement={setPicked} description={t('diagram-of-definition', { name: shown.after_name })} />
        </Section>
      </div>
      <Section title={t('differences')} flush>
        {rows.length === 0 && <Empty title={t('differences-none')}>{count('moved') > 0 ? t('differences-only-moved', { n: count('moved') }) : t('differences-none-text')}</Empty>}
        <ul className={classes.list}>
          {rows.map((one) => (
            <li key={`${one.kind} ${one.element}`} data-picked={one.element === picked}>
              <button type="button" onClick={() => setPicked(one.element === picked ? null : one.element)} aria-pressed={one.element === picked}>
                <Badge tone={TONES[one.kind]}>{t(`difference-${one.kind}`)}</Badge>
                <strong>{one.name.trim() || one.element}</strong>
                <span className="small dim">{known('bpmn-tag', one.tag)}</span>
              </button>
              {one.what.length > 0 && (
                <dl className={classes.what}>
                  {one.what.map((what) => (
                    <div key={what.property}>
                      <dt>{aspect(what.property, known)}</dt>
                      <dd>
                        {what.before !== '' && <del>{what.before}</del>} {what.after !== '' && <ins>{what.after}</ins>}
                      </dd>
                    </div>
                  ))}
                </dl>
              )}
            </li>
          ))}
        </ul>
      </Section>
    </Page>
  );
}

/** `field url` in words: the kind of property, then its own name. */
function aspect(property: string, known: (family: string, value: string) => string): string {
  const [kind = property, ...rest] = property.split(' ');
  return [known('aspect', kind), ...rest].join(' ');
}
