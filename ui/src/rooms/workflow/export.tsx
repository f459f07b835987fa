import { Button, TextInput } from '@mantine/core';
import { Download } from 'lucide-react';
import { useState } from 'react';

import type { DefinitionRow } from '../../api/bindings/DefinitionRow';
import { useWrite } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Dialog } from '../../parts/dialog';
import { PathField } from '../../parts/path-field';
import { useWords } from '../../words/words';

/** Writes a definition back to a file, as it was imported. */
export function Export({ definition }: { definition: DefinitionRow }) {
  const { t } = useWords();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button leftSection={<Download size={14} aria-hidden />} onClick={() => setOpened(true)}>
        {t('definition-export')}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t('definition-export')}>
        {opened && <Place definition={definition} onClose={() => setOpened(false)} />}
      </Dialog>
    </>
  );
}

function Place({ definition, onClose }: { definition: DefinitionRow; onClose: () => void }) {
  const { t } = useWords();
  const [folder, setFolder] = useState('');
  const [file, setFile] = useState(`${definition.name.replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')}.bpmn`);
  const write = useWrite('workflow.export');
  const named = folder.trim() === '' || file.trim() === '' ? '' : `${folder.trim().replace(/\/$/, '')}/${file.trim()}`;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (named !== '') write.mutate({ definition: definition.id, path: named });
      }}
    >
      <p className="dim">{t('definition-export-text')}</p>
      <PathField label={t('definition-export-folder')} what="folder" placeholder="/home/…/processes" first value={folder} onValue={setFolder} />
      <TextInput label={t('definition-export-file')} value={file} onChange={(event) => setFile(event.currentTarget.value)} />
      {write.error && <FailureAdvice thrown={write.error} />}
      {write.isSuccess && (
        <Advice tone="good">
          <Ticks text={t('definition-exported', { path: `\`${write.variables.path}\`` })} />
        </Advice>
      )}
      <div className="line-wrap" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={onClose}>{t('close')}</Button>
        <Button type="submit" variant="filled" loading={write.isPending} disabled={named === ''}>
          {t('definition-export-write')}
        </Button>
      </div>
    </form>
  );
}
