import { Button, NumberInput, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';

import type { VariableValue } from '../../api/bindings/VariableValue';
import { useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { Dialog } from '../../parts/dialog';
import { useWords } from '../../words/words';

/** The value of a text that was typed for a variable of a kind; undefined where it is not of that kind. */
export function typedValue(kind: string, text: string): unknown {
  switch (kind) {
    case 'Boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'Long':
      return /^-?\d+$/.test(text.trim()) ? Number(text) : undefined;
    case 'Double':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'String':
      return text;
    default:
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return undefined;
      }
  }
}

/** Corrects a variable of a running process: a signed fact, by who may. */
export function Correct({ instance, variable, onClose }: { instance: string; variable: VariableValue; onClose: () => void }) {
  const { t, known } = useWords();
  const set = useWrite('workflow.set_variables');
  const [text, setText] = useState(typeof variable.value === 'string' ? variable.value : JSON.stringify(variable.value));
  const value = typedValue(variable.kind, text);
  const common = { label: variable.name, description: known('value', variable.kind), error: value === undefined ? t('correct-kind') : null };
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('correct-title', { name: variable.name })}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button variant="filled" disabled={value === undefined} loading={set.isPending} onClick={() => set.mutate({ instance, variables: { [variable.name]: value } }, { onSuccess: onClose })}>
            {t('correct')}
          </Button>
        </>
      }
    >
      <p>{t('correct-text')}</p>
      {variable.kind === 'Boolean' ? (
        <SegmentedControl
          size="xs"
          aria-label={variable.name}
          value={text}
          onChange={setText}
          data={[
            { value: 'true', label: t('yes') },
            { value: 'false', label: t('no') },
          ]}
        />
      ) : variable.kind === 'Long' || variable.kind === 'Double' ? (
        <NumberInput size="xs" {...common} hideControls allowDecimal={variable.kind === 'Double'} value={text} onChange={(next) => setText(String(next))} />
      ) : variable.kind === 'String' ? (
        <TextInput {...common} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      ) : (
        <Textarea {...common} value={text} onChange={(event) => setText(event.currentTarget.value)} styles={{ input: { fontFamily: 'var(--mono)' } }} />
      )}
      {set.error && <FailureAdvice thrown={set.error} />}
    </Dialog>
  );
}
