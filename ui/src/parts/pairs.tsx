import type { ReactNode } from 'react';

import classes from './pairs.module.css';

/** Names and values, one under another. A value that is not there is left out with its name. */
export function Pairs({ of }: { of: readonly (readonly [name: string, value: ReactNode, head?: ReactNode])[] }) {
  return (
    <dl className={classes.pairs}>
      {of.map(([name, value, head]) =>
        value === null || value === undefined || value === '' ? null : (
          <div key={name}>
            <dt>{head ?? name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
