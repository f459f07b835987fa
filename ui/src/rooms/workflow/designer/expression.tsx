import { useRead } from '../../../api/query';
import { useWords } from '../../../words/words';
import classes from './designer.module.css';

/** Whether an expression can be read, and which of its variables nobody sets; `none` where there is none. */
export function Expression({ text, known, none }: { text: string; known: readonly string[]; none: string }) {
  const { t } = useWords();
  const read = useRead('workflow.explain', { expression: text }, { enabled: text.trim() !== '', keep: true });
  if (text.trim() === '') return <>{none}</>;
  if (read.data?.problem) return <span className={classes.problem}>{read.data.problem}</span>;
  const unknown = (read.data?.variables ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) return <span className={classes.problem}>{t('design-unknown', { names: unknown.join(', ') })}</span>;
  return <>{t('design-reads', { names: read.data?.variables.join(', ') || t('none') })}</>;
}
