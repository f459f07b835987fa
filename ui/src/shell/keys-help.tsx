import { Kbd } from '@mantine/core';

import { Dialog } from '../parts/dialog';
import { Pairs } from '../parts/pairs';
import { useWords } from '../words/words';

/** Every key that does something. */
export function KeysHelp({ onClose, places }: { onClose: () => void; places: readonly { key: string; word: string }[] }) {
  const { t } = useWords();
  return (
    <Dialog opened onClose={onClose} title={t('keys-title')}>
      <Pairs
        of={[
          [t('palette-open'), <><Kbd>Ctrl</Kbd> <Kbd>K</Kbd></>],
          ...places.map((place) => [t(place.word), <><Kbd>g</Kbd> <Kbd>{place.key}</Kbd></>] as const),
          [t('keys-rows'), <><Kbd>↑</Kbd> <Kbd>↓</Kbd> <Kbd>Home</Kbd> <Kbd>End</Kbd></>],
          [t('keys-open'), <Kbd>Enter</Kbd>],
          [t('keys-claim'), <Kbd>c</Kbd>],
          [t('keys-answer'), <Kbd>a</Kbd>],
          [t('keys-comment'), <Kbd>m</Kbd>],
          [t('keys-snooze'), <Kbd>s</Kbd>],
          [t('keys-complete'), <><Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd></>],
          [t('keys-title'), <Kbd>?</Kbd>],
        ]}
      />
    </Dialog>
  );
}
