import { Button } from '@mantine/core';
import { Ban, RotateCcw } from 'lucide-react';
import { useState } from 'react';

import type { DefinitionRow } from '../../api/bindings/DefinitionRow';
import { useWrite } from '../../api/query';
import { ReasonDialog } from '../../parts/dialog';
import { useWords } from '../../words/words';

/** Has nothing started by a version of a definition any more, or again. What runs goes on either way. */
export function Switch({ definition }: { definition: DefinitionRow }) {
  const { t } = useWords();
  const [asking, setAsking] = useState(false);
  const disable = useWrite('workflow.disable_definition');
  const enable = useWrite('workflow.enable_definition');
  const disabled = definition.disabled !== null;
  const write = disabled ? enable : disable;
  const action = t(disabled ? 'definition-enable' : 'definition-disable');
  return (
    <>
      <Button leftSection={disabled ? <RotateCcw size={14} aria-hidden /> : <Ban size={14} aria-hidden />} onClick={() => setAsking(true)}>
        {action}
      </Button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={action}
        text={t(disabled ? 'definition-enable-text' : 'definition-disable-text', { name: definition.name, n: definition.version })}
        action={action}
        danger={!disabled}
        busy={write.isPending}
        error={write.error}
        onReason={(reason) => write.mutate({ definition: definition.id, reason }, { onSuccess: () => setAsking(false) })}
      />
    </>
  );
}
