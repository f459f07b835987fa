import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';

import type { RehearsalStep } from '../../api/bindings/RehearsalStep';
import type { RehearsalWaiting } from '../../api/bindings/RehearsalWaiting';
import { Dialog } from '../../parts/dialog';
import { Section } from '../../parts/page';
import { useWords } from '../../words/words';
import { VariablesField, variablesOf } from './variables';

/** The step that tells a rehearsed process what it waits for: a message carries the value that its receiver asks for. */
function told(one: RehearsalWaiting, correlation: string, variables: Record<string, unknown>): RehearsalStep {
  const brought = Object.keys(variables).length === 0 ? {} : { variables };
  if (one.kind === 'message') return { message: one.name ?? '', ...(correlation === '' ? {} : { correlation }), ...brought };
  if (one.kind === 'signal') return { signal: one.name ?? '', ...brought };
  return { trigger: `#${one.id}`, ...brought };
}

/** Something that a rehearsed process waits for: sent as it is waited for, or with another value and with variables. */
export function Waits({ one, name, step }: { one: RehearsalWaiting; name: string; step: (step: RehearsalStep) => void }) {
  const { t } = useWords();
  const [opened, setOpened] = useState(false);
  const [correlation, setCorrelation] = useState(one.correlation ?? '');
  const [text, setText] = useState(one.kind === 'job' ? '{"state": "completed"}' : '');
  const variables = variablesOf(text);
  const send = (brought: Record<string, unknown>) => {
    setOpened(false);
    step(told(one, correlation.trim(), brought));
  };
  return (
    <Section title={name}>
      <div className="spread">
        <span className="small dim">
          {t(`rehearse-waits-${one.kind}`)} {one.name && <code>{one.name}</code>}
          {one.correlation && (
            <>
              {' · '}
              {t('deliver-correlation')}: <code>{one.correlation}</code>
            </>
          )}
        </span>
        <span className="line">
          <Button onClick={() => setOpened(true)}>{t('rehearse-send-with')}</Button>
          <Button onClick={() => send({})}>{t('rehearse-send')}</Button>
        </span>
      </div>
      <Dialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('deliver-title', { name })}
        foot={
          <>
            <Button onClick={() => setOpened(false)}>{t('back')}</Button>
            <Button variant="filled" disabled={variables === undefined} onClick={() => variables !== undefined && send(variables)}>
              {t('rehearse-send')}
            </Button>
          </>
        }
      >
        {one.kind === 'message' && <TextInput label={t('deliver-correlation')} value={correlation} onChange={(event) => setCorrelation(event.currentTarget.value)} />}
        <VariablesField label={t('deliver-variables')} text={text} onText={setText} />
      </Dialog>
    </Section>
  );
}

/** Corrects variables of a rehearsed process. */
export function Correct({ step }: { step: (step: RehearsalStep) => void }) {
  const { t } = useWords();
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState('');
  const set = variablesOf(text);
  const none = set === undefined || Object.keys(set).length === 0;
  return (
    <>
      <Button size="compact-xs" onClick={() => setOpened(true)}>
        {t('correct')}
      </Button>
      <Dialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('rehearse-correct')}
        foot={
          <>
            <Button onClick={() => setOpened(false)}>{t('back')}</Button>
            <Button
              variant="filled"
              disabled={none}
              onClick={() => {
                if (none) return;
                setOpened(false);
                step({ set });
              }}
            >
              {t('correct')}
            </Button>
          </>
        }
      >
        <VariablesField label={t('rehearse-correct-values')} text={text} onText={setText} />
      </Dialog>
    </>
  );
}
