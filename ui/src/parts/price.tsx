import { useWords } from '../words/words';

/** An amount of money with the day of its price table; a dash where there is none. */
export function Price({ of, dated = false }: { of: { amount: number; currency: string; prices_of: string } | null; dated?: boolean }) {
  const { t, language } = useWords();
  if (!of) return <span className="dim">—</span>;
  const small = Math.abs(of.amount) < 1;
  const amount = new Intl.NumberFormat(language, {
    style: 'currency',
    currency: of.currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: small ? 4 : 2,
  }).format(of.amount);
  return (
    <span className="num">
      {amount}
      {dated && <span className="dim small"> {t('prices-of', { day: of.prices_of })}</span>}
    </span>
  );
}
