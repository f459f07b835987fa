import { Badge, type Tone } from '../../parts/badge';
import { useWords } from '../../words/words';

const TONES: Record<string, Tone> = { succeeded: 'good', failed: 'bad', cancelled: 'warn' };

/** States after which nothing more happens. */
export const ENDED: readonly string[] = ['succeeded', 'failed', 'cancelled'];

/** A run's state as a word. */
export function RunState({ state }: { state: string }) {
  const { known } = useWords();
  return <Badge tone={TONES[state] ?? 'accent'}>{known('run-state', state)}</Badge>;
}
