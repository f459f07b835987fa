import { NumberInput, Radio, Select, Textarea, TextInput } from '@mantine/core';

import type { PromptRow } from '../../api/bindings/PromptRow';
import { useWords, type Words } from '../../words/words';

/** What a person has typed so far, by variable; nothing under a name means not answered. */
export type Answers = Record<string, unknown>;

/** Up to this many choices are shown all at once. */
const RADIO_MAX = 5;

/** Answers to begin with: what was kept as a draft, or else what the definition proposes. */
export function beginning(prompts: readonly PromptRow[], draft: Answers | null): Answers {
  return Object.fromEntries(
    prompts.flatMap((prompt) => {
      const value = draft && prompt.variable in draft ? draft[prompt.variable] : prompt.value;
      return value === null || value === undefined ? [] : [[prompt.variable, value]];
    }),
  );
}

/** Days that must be named are today until somebody says otherwise. */
export function today(prompts: readonly PromptRow[]): Answers {
  const days = prompts.filter((prompt) => prompt.type === 'date' && prompt.required);
  return Object.fromEntries(days.map((prompt) => [prompt.variable, new Date().toLocaleDateString('sv')]));
}

/** What is wrong with the answers, by variable. Rust decides in the end; this only says it sooner. */
export function problems(prompts: readonly PromptRow[], answers: Answers, { t }: Words): Record<string, string> {
  const found: Record<string, string> = {};
  for (const prompt of prompts) {
    const value = answers[prompt.variable];
    const empty = value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
    if (empty) {
      if (prompt.required) found[prompt.variable] = t('answer-required');
    } else if (prompt.type === 'long' && !Number.isSafeInteger(value)) {
      found[prompt.variable] = t('answer-long');
    } else if (prompt.type === 'double' && typeof value !== 'number') {
      found[prompt.variable] = t('answer-double');
    } else if (prompt.type === 'date' && Number.isNaN(Date.parse(String(value)))) {
      found[prompt.variable] = t('answer-date');
    }
  }
  return found;
}

/**
 * Only what was answered: an empty field is no answer rather than an empty text. One that began with a value and is empty now
 * was emptied, and that is an answer: without it the value would stay and decide.
 */
export function answered(prompts: readonly PromptRow[], answers: Answers): Answers {
  const empty = (value: unknown) => value === undefined || value === null || value === '';
  const emptied = prompts.filter((prompt) => !empty(prompt.value) && empty(answers[prompt.variable]));
  return Object.fromEntries([...Object.entries(answers).filter(([, value]) => !empty(value)), ...emptied.map((prompt) => [prompt.variable, null])]);
}

/** The form a definition's typed prompts make. */
export function Prompts({
  prompts,
  answers,
  errors,
  disabled = false,
  onAnswers,
}: {
  prompts: readonly PromptRow[];
  answers: Answers;
  errors: Record<string, string>;
  disabled?: boolean;
  onAnswers: (answers: Answers) => void;
}) {
  return (
    <>
      {prompts.map((prompt) => (
        <Prompt
          key={prompt.variable}
          prompt={prompt}
          value={answers[prompt.variable]}
          error={errors[prompt.variable]}
          disabled={disabled}
          // What is emptied stays so in a draft, which keeps no `undefined`.
          onValue={(value) => onAnswers({ ...answers, [prompt.variable]: value ?? null })}
        />
      ))}
    </>
  );
}

function Prompt({ prompt, value, error, disabled, onValue }: { prompt: PromptRow; value: unknown; error: string | undefined; disabled: boolean; onValue: (value: unknown) => void }) {
  const { t } = useWords();
  const common = { label: prompt.question, required: prompt.required, error: error ?? null, disabled, id: `prompt-${prompt.variable}` };
  const choices =
    prompt.choices.length > 0
      ? prompt.choices
      : prompt.type === 'boolean'
        ? [
            { label: t('yes'), value: true },
            { label: t('no'), value: false },
          ]
        : [];
  if (choices.length > 0) {
    // Choices keep their types: what a control hands back is the place of the choice, not its text.
    const at = choices.findIndex((choice) => choice.value === value);
    const pick = (place: string | null) => onValue(place === null ? undefined : choices[Number(place)]?.value);
    return choices.length <= RADIO_MAX ? (
      <Radio.Group {...common} value={at < 0 ? '' : String(at)} onChange={pick}>
        <div className="line-wrap" style={{ gap: 16, padding: '6px 0 2px' }}>
          {choices.map((choice, place) => (
            <Radio key={choice.label} size="xs" value={String(place)} label={choice.label} disabled={disabled} />
          ))}
        </div>
      </Radio.Group>
    ) : (
      <Select {...common} searchable data={choices.map((choice, place) => ({ value: String(place), label: choice.label }))} value={at < 0 ? null : String(at)} onChange={pick} />
    );
  }
  if (prompt.type === 'long' || prompt.type === 'double') {
    return (
      <NumberInput
        {...common}
        size="xs"
        hideControls
        allowDecimal={prompt.type === 'double'}
        value={typeof value === 'number' || typeof value === 'string' ? value : ''}
        onChange={(next) => onValue(next === '' ? undefined : next)}
      />
    );
  }
  if (prompt.type === 'date') {
    return <TextInput {...common} type="date" value={String(value ?? '')} onChange={(event) => onValue(event.currentTarget.value || undefined)} />;
  }
  return <Textarea {...common} minRows={1} value={String(value ?? '')} onChange={(event) => onValue(event.currentTarget.value)} />;
}
