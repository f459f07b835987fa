import { ActionIcon, Button, Checkbox, Select } from '@mantine/core';
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';

import type { DesignQuestion } from '../../../api/bindings/DesignQuestion';
import { useWords } from '../../../words/words';
import classes from './designer.module.css';
import { Typed, useLocal } from './typed';

export const TYPES = ['string', 'boolean', 'long', 'double', 'date'] as const;

/** Why a list of questions cannot be kept yet, by the place of the question. */
export function questionProblems(questions: readonly DesignQuestion[]): Record<number, 'name' | 'twice' | 'choice'> {
  const found: Record<number, 'name' | 'twice' | 'choice'> = {};
  for (const [at, one] of questions.entries()) {
    if (!/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(one.variable)) found[at] = 'name';
    else if (questions.findIndex((other) => other.variable === one.variable) !== at) found[at] = 'twice';
    else if (one.choices.some((choice) => !fits(choice.value, one.type))) found[at] = 'choice';
  }
  return found;
}

function fits(value: string, type: DesignQuestion['type']): boolean {
  if (type === 'boolean') return /^(true|false)$/i.test(value);
  if (type === 'long') return /^-?\d+$/.test(value);
  if (type === 'double') return value.trim() !== '' && Number.isFinite(Number(value));
  return value !== '';
}

/** The questions of a task or a start. */
export function PromptsEditor({ value: kept, variables, onValue: keep }: { value: DesignQuestion[]; variables: readonly string[]; onValue: (value: DesignQuestion[]) => void }) {
  const { t, known } = useWords();
  const [value, onValue] = useLocal(kept, keep);
  const problems = questionProblems(value);
  const put = (at: number, change: Partial<DesignQuestion>) => onValue(value.map((one, place) => (place === at ? { ...one, ...change } : one)));
  const move = (from: number, to: number) => {
    const next = [...value];
    const [one] = next.splice(from, 1);
    if (one) next.splice(to, 0, one);
    onValue(next);
  };
  const fresh = () => {
    const name = (n: number) => (n === 1 ? 'Answer' : `Answer${n}`);
    let n = 1;
    while (variables.includes(name(n)) || value.some((one) => one.variable === name(n))) n += 1;
    onValue([...value, { variable: name(n), question: t('design-question-new'), type: 'string', required: true, choices: [] }]);
  };
  return (
    <div className="stack-tight">
      {value.map((one, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a question is known by its place: its variable is being typed
        <fieldset key={at} className={classes.question}>
          <legend className="hidden-text">{t('design-question-n', { n: at + 1 })}</legend>
          <Typed label={t('design-question')} value={one.question} lines onValue={(question) => put(at, { question })} />
          <div className={classes.pair}>
            <Typed
              label={t('design-variable')}
              code
              value={one.variable}
              error={problems[at] === 'name' ? t('design-variable-name') : problems[at] === 'twice' ? t('design-variable-twice') : null}
              onValue={(variable) => put(at, { variable: variable.trim() })}
            />
            <Select label={t('col-type')} data={TYPES.map((type) => ({ value: type, label: known('value', type) }))} value={one.type} onChange={(type) => type !== null && put(at, { type: type as DesignQuestion['type'], choices: type === one.type ? one.choices : [] })} />
          </div>
          <div className={classes.choices}>
            {one.choices.map((choice, place) => (
              // oxlint-disable-next-line react/no-array-index-key -- a choice is known by its place: its text is being typed
              <div key={place} className={classes.choice}>
                <Typed label={t('design-choice-label', { n: place + 1 })} value={choice.label} onValue={(label) => put(at, { choices: one.choices.map((other, n) => (n === place ? { ...other, label } : other)) })} />
                <Typed
                  label={t('col-value')}
                  code
                  value={choice.value}
                  error={fits(choice.value, one.type) ? null : t('design-choice-type')}
                  onValue={(text) => put(at, { choices: one.choices.map((other, n) => (n === place ? { ...other, value: text } : other)) })}
                />
                <ActionIcon aria-label={t('design-choice-remove', { name: choice.label })} onClick={() => put(at, { choices: one.choices.filter((_, n) => n !== place) })}>
                  <Trash2 size={13} aria-hidden />
                </ActionIcon>
              </div>
            ))}
          </div>
          <Checkbox label={t('design-required')} checked={one.required} onChange={(event) => put(at, { required: event.currentTarget.checked })} />
          <div className="line" style={{ gap: 2, justifyContent: 'flex-end' }}>
              <Button
                size="compact-xs"
                leftSection={<Plus size={12} aria-hidden />}
                onClick={() => put(at, { choices: one.type === 'boolean' && one.choices.length === 0 ? [{ label: t('yes'), value: 'true' }, { label: t('no'), value: 'false' }] : [...one.choices, { label: t('design-choice-new'), value: one.type === 'boolean' ? 'true' : one.type === 'string' || one.type === 'any' ? t('design-choice-new') : one.type === 'date' ? '2027-01-01' : '1' }] })}
              >
                {t('design-choice-add')}
              </Button>
              <ActionIcon aria-label={t('design-up')} disabled={at === 0} onClick={() => move(at, at - 1)}>
                <ArrowUp size={13} aria-hidden />
              </ActionIcon>
              <ActionIcon aria-label={t('design-down')} disabled={at === value.length - 1} onClick={() => move(at, at + 1)}>
                <ArrowDown size={13} aria-hidden />
              </ActionIcon>
              <ActionIcon aria-label={t('design-question-remove', { name: one.question })} onClick={() => onValue(value.filter((_, place) => place !== at))}>
                <Trash2 size={13} aria-hidden />
              </ActionIcon>
          </div>
        </fieldset>
      ))}
      <Button leftSection={<Plus size={13} aria-hidden />} onClick={fresh}>
        {t('design-question-add')}
      </Button>
    </div>
  );
}

