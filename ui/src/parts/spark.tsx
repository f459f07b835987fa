import { useWords } from '../words/words';
import classes from './spark.module.css';

const WIDTH = 84;
const HEIGHT = 22;
const EDGE = 3;

/** The course of a number as a line as small as a word; gaps are gaps, and the last value is a dot. */
export function Spark({ name, values }: { name: string; values: readonly (number | null)[] }) {
  const { t, number } = useWords();
  const known = values.flatMap((value, at) => (value === null ? [] : [{ at, value }]));
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last) return <span className="dim">{t('no-value')}</span>;
  const low = Math.min(...known.map((one) => one.value));
  const high = Math.max(...known.map((one) => one.value));
  const x = (at: number) => EDGE + (at / Math.max(1, values.length - 1)) * (WIDTH - 2 * EDGE);
  const y = (value: number) => (high > low ? HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE) : HEIGHT / 2);
  const path = known.map((one, at) => `${at > 0 && known[at - 1]?.at === one.at - 1 ? 'L' : 'M'}${x(one.at).toFixed(1)} ${y(one.value).toFixed(1)}`).join('');
  return (
    <svg className={classes.spark} width={WIDTH} height={HEIGHT} role="img" aria-label={t('spark', { name, first: number(first.value, 3), last: number(last.value, 3) })}>
      <path d={path} />
      <circle cx={x(last.at)} cy={y(last.value)} r={2.2} />
    </svg>
  );
}
