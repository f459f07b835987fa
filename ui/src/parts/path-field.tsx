import { Button, TextInput } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '../api/call';
import type { Host } from '../api/host';
import { useWords } from '../words/words';

/** A path of this machine: typed, or chosen with the desktop's own dialog where there is one. */
export function PathField({
  label,
  what,
  extensions = [],
  placeholder,
  value,
  onValue,
  onChosen,
  first = false,
  children,
}: {
  label: string;
  what: 'file' | 'folder';
  extensions?: readonly string[];
  placeholder?: string;
  value: string;
  onValue: (path: string) => void;
  /** Hears of a path that was chosen rather than typed. */
  onChosen?: (path: string) => void;
  /** The field a dialog begins at. */
  first?: boolean;
  /** What stands at the end of the line. */
  children?: ReactNode;
}) {
  const { t } = useWords();
  const [choose, setChoose] = useState<Host['choose']>();
  useEffect(() => {
    let gone = false;
    void host().then((one) => {
      if (!gone) setChoose(() => one.choose);
    });
    return () => {
      gone = true;
    };
  }, []);
  return (
    <div className="line" style={{ alignItems: 'flex-end', width: '100%', textAlign: 'left' }}>
      <TextInput
        className="grow"
        label={label}
        placeholder={placeholder}
        {...(first ? { 'data-autofocus': true } : {})}
        value={value}
        onChange={(event) => onValue(event.currentTarget.value)}
      />
      {choose && (
        <Button
          onClick={() =>
            void choose(what, label, extensions).then((path) => {
              if (path === null) return;
              onValue(path);
              onChosen?.(path);
            })
          }
        >
          {t('choose')}
        </Button>
      )}
      {children}
    </div>
  );
}
