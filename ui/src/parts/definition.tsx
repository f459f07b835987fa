import { Tooltip } from '@mantine/core';
import { useDisclosure, useTimeout } from '@mantine/hooks';
import { useRef, type KeyboardEvent } from 'react';

import classes from './definition.module.css';

/** A definition waits so long, in milliseconds: a pointer on its way elsewhere opens none. */
const DELAY_MS = 150;

/** A word whose definition shows when it is pointed at or reached by keyboard, and goes at Escape. */
export function Defined({ title, definition }: { title: string; definition: string }) {
  const word = useRef<HTMLButtonElement>(null);
  const [shown, { open, close }] = useDisclosure(false);
  const later = useTimeout(open, DELAY_MS);
  const away = () => {
    later.clear();
    close();
  };
  return (
    <>
      <button
        ref={word}
        type="button"
        className={classes.word}
        aria-label={`${title}: ${definition}`}
        onPointerEnter={later.start}
        onPointerLeave={away}
        onFocus={({ currentTarget }) => currentTarget.matches(':focus-visible') && open()}
        onBlur={away}
        onKeyDown={(event: KeyboardEvent) => {
          if (!shown || event.key !== 'Escape') return;
          // What stands around the word (a dialog) is not meant.
          event.stopPropagation();
          away();
        }}
      >
        {title}
      </button>
      {/* Made only when it is wanted: a report has a hundred such words, and a tooltip that waits costs more than its word. */}
      {shown && <Tooltip target={word} label={definition} opened multiline w={320} />}
    </>
  );
}
