import { Tooltip } from '@mantine/core';

import classes from './definition.module.css';

/** A word whose definition shows when it is pointed at or reached by keyboard. */
export function Defined({ title, definition }: { title: string; definition: string }) {
  return (
    <Tooltip label={definition} multiline w={320} events={{ hover: true, focus: true, touch: true }} openDelay={150}>
      <button type="button" className={classes.word} aria-label={`${title}: ${definition}`}>
        {title}
      </button>
    </Tooltip>
  );
}
