import { Button, NumberInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
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

/** Corrects a variable of a running process, or of a sub-process in it: a signed fact, by who may. */
export function Correct({ instance, variable, scope, onClose }: { instance: string; variable: VariableValue; scope: string | null; onClose: () => void }) {
  const { t, known } = useWords();
  const set = useWrite('workflow.set_variables');
  const [text, setText] = useState(typeof variable.value === 'string' ? variable.value : JSON.stringify(variable.value));
  const value = typedValue(variable.kind, text);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('correct-title', { name: variable.name })}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            variant="filled"
            disabled={value === undefined}
            loading={set.isPending}
            onClick={() => set.mutate({ instance, variables: { [variable.name]: value }, ...(scope === null ? {} : { scope }) }, { onSuccess: onClose })}
          >
            {t('correct')}
          </Button>
        </>
      }
    >
      <p>{t('correct-text')}</p>
      <Value kind={variable.kind} label={variable.name} description={known('value', variable.kind)} text={text} onText={setText} />
      {set.error && <FailureAdvice thrown={set.error} />}
    </Dialog>
  );
}

const KINDS = ['String', 'Boolean', 'Long', 'Double', 'Map'] as const;

/** Adds a variable that a running process does not know yet. */
export function AddVariable({ instance, known: taken, onClose }: { instance: string; known: readonly string[]; onClose: () => void }) {
  const { t, known } = useWords();
  const set = useWrite('workflow.set_variables');
  const [name, setName] = useState('');
  const [kind, setKind] = useState<string>('String');
  const [text, setText] = useState('');
  const value = typedValue(kind, text);
  const isTaken = taken.includes(name.trim());
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('variable-add')}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            variant="filled"
            disabled={value === undefined || name.trim() === '' || isTaken}
            loading={set.isPending}
            onClick={() => set.mutate({ instance, variables: { [name.trim()]: value } }, { onSuccess: onClose })}
          >
            {t('variable-add')}
          </Button>
        </>
      }
    >
      <p>{t('correct-text')}</p>
      <TextInput label={t('variable-name')} value={name} onChange={(event) => setName(event.currentTarget.value)} error={isTaken ? t('variable-name-taken') : null} />
      <Select
        label={t('col-type')}
        data={KINDS.map((one) => ({ value: one, label: known('value', one) }))}
        value={kind}
        onChange={(next) => {
          if (next === null) return;
          setKind(next);
          setText(next === 'Boolean' ? 'true' : '');
        }}
      />
      <Value kind={kind} label={t('col-value')} description={known('value', kind)} text={text} onText={setText} />
      {set.error && <FailureAdvice thrown={set.error} />}
    </Dialog>
  );
}

/** A value of a kind, typed. */
function Value({ kind, label, description, text, onText }: { kind: string; label: string; description: string; text: string; onText: (text: string) => void }) {
  const { t } = useWords();
  const common = { label, description, error: text !== '' && typedValue(kind, text) === undefined ? t('correct-kind') : null };
  switch (kind) {
    case 'Boolean':
      return (
        <SegmentedControl
          size="xs"
          aria-label={label}
          value={text}
          onChange={onText}
          data={[
            { value: 'true', label: t('yes') },
            { value: 'false', label: t('no') },
          ]}
        />
      );
    case 'Long':
    case 'Double':
      return <NumberInput size="xs" {...common} hideControls allowDecimal={kind === 'Double'} value={text} onChange={(next) => onText(String(next))} />;
    case 'String':
      return <TextInput {...common} value={text} onChange={(event) => onText(event.currentTarget.value)} />;
    default:
      return <Textarea {...common} value={text} onChange={(event) => onText(event.currentTarget.value)} styles={{ input: { fontFamily: 'var(--mono)' } }} />;
  }
}
