import { Award, Swords } from 'lucide-react';

import { Badge } from '../../parts/badge';
import { useWords } from '../../words/words';

/** A version's place in its project. A plain version has none and shows nothing. */
export function Place({ role }: { role: string }) {
  const { t } = useWords();
  if (role === 'champion') return <Badge tone="good" icon={<Award aria-hidden />}>{t('place-champion')}</Badge>;
  if (role === 'challenger') return <Badge tone="accent" icon={<Swords aria-hidden />}>{t('place-challenger')}</Badge>;
  return null;
}
