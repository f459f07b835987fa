import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { Check, Copy } from 'lucide-react';

import { useWords } from '../words/words';

/** A digest or an identifier: its beginning to look at, the whole of it to copy. */
export function Digest({ value, length = 12 }: { value: string; length?: number }) {
  const shown = value.startsWith('sha256:') ? value.slice(7, 7 + length) : value.slice(0, length);
  return (
    <span className="line" style={{ gap: 2, display: 'inline-flex' }}>
      <code title={value}>{shown}</code>
      <CopyIcon value={value} />
    </span>
  );
}

/** Copies a text. */
export function CopyIcon({ value, label }: { value: string; label?: string }) {
  const { t } = useWords();
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('copied') : (label ?? t('copy'))}>
          <ActionIcon size={24} onClick={copy} aria-label={`${label ?? t('copy')} ${value.slice(0, 20)}`}>
            {copied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
