import type { ReactNode } from 'react';

import classes from './badge.module.css';

/** What a badge means: nothing in particular, the accent, well, take care, or broken. */
export type Tone = 'quiet' | 'accent' | 'good' | 'warn' | 'bad';

/** A word about a thing's state. The word carries the meaning; the colour only repeats it. */
export function Badge({ tone = 'quiet', icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {icon}
      {children}
    </span>
  );
}
