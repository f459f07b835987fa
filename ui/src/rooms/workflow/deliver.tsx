import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';

import type { WaitingRow } from '../../api/bindings/WaitingRow';
import { useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { Dialog } from '../../parts/dialog';
import { useWords } from '../../words/words';
import { VariablesField, variablesOf } from './variables';

/** Tells a running process that something came which it waits for: a signed fact, by who may. */
export function Deliver({ instance, waiting, onClose }: { instance: string; waiting: WaitingRow; onClose: () => void }) {
  const { t } = useWords();
  const deliver = useWrite('workflow.deliver');
  const [correlation, setCorrelation] = useState(waiting.correlation ?? '');
  const [text, setText] = useState('');
  const variables = variablesOf(text);
  const named = waiting.kind === 'message' || waiting.kind === 'signal';
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('deliver-title', { name: waiting.name })}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            variant="filled"
            disabled={variables === undefined}
            loading={deliver.isPending}
            onClick={() =>
              variables !== undefined &&
              deliver.mutate(
                {
                  instance,
                  kind: named ? waiting.kind : 'trigger',
                  name: named ? waiting.awaits : waiting.id,
                  ...(waiting.kind === 'message' && correlation.trim() !== '' ? { correlation: correlation.trim() } : {}),
                  variables,
                },
                { onSuccess: onClose },
              )
            }
          >
            {t('deliver')}
          </Button>
        </>
      }
    >
      <p>{t('deliver-text')}</p>
      {waiting.kind === 'message' && <TextInput label={t('deliver-correlation')} value={correlation} onChange={(event) => setCorrelation(event.currentTarget.value)} />}
      <VariablesField label={t('deliver-variables')} text={text} onText={setText} />
      {deliver.error && <FailureAdvice thrown={deliver.error} />}
    </Dialog>
  );
}
