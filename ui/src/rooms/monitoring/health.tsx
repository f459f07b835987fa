import { Badge, type Tone } from '../../parts/badge';
import { useWords } from '../../words/words';

/** Healths of a monitored model, worst first. */
export const HEALTHS = ['alert', 'watch', 'retraining', 'unknown', 'healthy', 'unwatched', 'retired'] as const;

const TONES: Record<string, Tone> = { alert: 'bad', watch: 'warn', retraining: 'accent', healthy: 'good' };
const ACTIONS: Record<string, Tone> = { retrain: 'bad', investigate: 'bad', watch: 'warn', keep: 'good' };

/** How a model is, in a word. */
export function Health({ of }: { of: string }) {
  const { known } = useWords();
  return <Badge tone={TONES[of] ?? 'quiet'}>{known('health', of)}</Badge>;
}

/** What a report recommends, in a word. */
export function Recommended({ action }: { action: string }) {
  const { known } = useWords();
  return <Badge tone={ACTIONS[action] ?? 'quiet'}>{known('recommended', action)}</Badge>;
}

/** How grave an alert is, in a word. */
export function Level({ of }: { of: string }) {
  const { known } = useWords();
  return <Badge tone={of === 'alert' ? 'bad' : 'warn'}>{known('alert-level', of)}</Badge>;
}
