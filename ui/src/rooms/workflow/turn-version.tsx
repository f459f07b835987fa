import { Button, Select, Textarea } from '@mantine/core';
import { useState } from 'react';

import type { InstanceRow } from '../../api/bindings/InstanceRow';
import { useRead, useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { Dialog } from '../../parts/dialog';
import { useWords } from '../../words/words';

/** Turns a running process to another version of a model, as an administrator does where no task of the process does. */
export function TurnVersion({ instance, onClose }: { instance: InstanceRow; onClose: () => void }) {
  const { t } = useWords();
  const about = instance.version?.version ?? '';
  const present = useRead('registry.show_version', { version: about }, { enabled: about !== '' });
  const models = useRead('registry.list_models', { project: instance.project, page: { limit: 200 } });
  const turn = useWrite('workflow.turn');
  const [picked, setPicked] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const name = present.data?.model.name ?? '';
  const offered = new Map<string, string>();
  for (const one of present.data?.versions ?? []) offered.set(one.version, `${name} ${one.number}`);
  for (const one of models.data?.rows ?? []) offered.set(one.latest.version, `${one.name} ${one.latest.number}`);
  offered.delete(about);
  const short = reason.trim() === '';
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('turn-version')}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            variant="filled"
            loading={turn.isPending}
            onClick={() => {
              setTried(true);
              if (picked === null || short) return;
              turn.mutate({ instance: instance.id, version: picked, reason: reason.trim() }, { onSuccess: onClose });
            }}
          >
            {t('turn-version')}
          </Button>
        </>
      }
    >
      <p>{t('turn-version-text')}</p>
      <Select
        label={t('turn-version-to')}
        required
        searchable
        data={[...offered].map(([value, label]) => ({ value, label }))}
        value={picked}
        onChange={setPicked}
        error={tried && picked === null ? t('required') : null}
      />
      <Textarea label={t('reason')} description={t('reason-recorded')} required value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={tried && short ? t('required') : null} />
      {turn.error && <FailureAdvice thrown={turn.error} />}
    </Dialog>
  );
}
