import { Textarea } from '@mantine/core';

import { useWords } from '../../words/words';

/** The variables of a text; undefined where it is no JSON object. */
export function variablesOf(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Variables with their values, as JSON. */
export function VariablesField({ label, text, onText }: { label: string; text: string; onText: (text: string) => void }) {
  const { t } = useWords();
  return (
    <Textarea
      label={label}
      description={t('deliver-variables-text')}
      value={text}
      onChange={(event) => onText(event.currentTarget.value)}
      error={variablesOf(text) === undefined ? t('deliver-no-object') : null}
      styles={{ input: { fontFamily: 'var(--mono)' } }}
    />
  );
}
