import { useEffect, useState } from 'react';

import { useWords } from '../words/words';
import { Badge } from './badge';

/** A moment as the distance from now; the exact time is its title. */
export function Ago({ at }: { at: string }) {
  const { ago, moment } = useWords();
  const now = useNow();
  return (
    <time dateTime={at} title={moment(at)}>
      {ago(at, now)}
    </time>
  );
}

/** A moment, exactly. */
export function Moment({ at, precise = false }: { at: string; precise?: boolean }) {
  const { moment, second } = useWords();
  return (
    <time dateTime={at} className="num">
      {precise ? second(at) : moment(at)}
    </time>
  );
}

/** When something is due; late is said in words, not only in red. */
export function Due({ at }: { at: string }) {
  const { t, ago, moment } = useWords();
  const now = useNow();
  const late = Date.parse(at) < now;
  const soon = !late && Date.parse(at) - now < 86_400_000;
  return (
    <span title={moment(at)}>
      <Badge tone={late ? 'bad' : soon ? 'warn' : 'quiet'}>{t(late ? 'due-late' : 'due-in', { when: ago(at, now) })}</Badge>
    </span>
  );
}

/** Now, to the minute, so that "5 minutes ago" does not stay so. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
