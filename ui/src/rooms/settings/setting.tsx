import type { ReactNode } from 'react';

import classes from './settings.module.css';

/** A setting by its name, with what it means below and what changes it beside. */
export function Setting({ name, text, children }: { name: string; text?: string; children: ReactNode }) {
  return (
    <div className={classes.setting}>
      <div>
        <div>{name}</div>
        {text && <div className="small dim">{text}</div>}
      </div>
      <div className={classes.control}>{children}</div>
    </div>
  );
}
