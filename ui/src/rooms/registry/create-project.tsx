import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { CreateProject as Form } from '../../api/bindings/CreateProject';
import { useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { Dialog } from '../../parts/dialog';
import { useWords } from '../../words/words';

const FUNCTIONS = ['classification', 'prediction', 'cluster', 'forecasting', 'text analytics', 'transformation', 'analytical'];
const LEVELS = ['binary', 'nominal', 'interval'];

/** Creates a project: one business problem, with the models that compete for it. */
export function CreateProject({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t, known } = useWords();
  const navigate = useNavigate();
  const create = useWrite('registry.create_project');
  const [form, setForm] = useState<Form>({ name: '', description: '' });
  const [tried, setTried] = useState(false);
  const set = (change: Partial<Form>) => setForm({ ...form, ...change });
  const missing = form.name.trim() === '';
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t('project-create')}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            variant="filled"
            loading={create.isPending}
            onClick={() => {
              setTried(true);
              if (missing) return;
              create.mutate(
                { ...form, name: form.name.trim() },
                { onSuccess: (made) => void navigate({ to: '/projects/$project', params: { project: made.id } }) },
              );
            }}
          >
            {t('project-create')}
          </Button>
        </>
      }
    >
      <TextInput
        label={t('col-name')}
        required
        data-autofocus
        maxLength={128}
        value={form.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={tried && missing ? t('required') : null}
      />
      <Textarea label={t('project-purpose')} description={t('project-purpose-text')} value={form.description} onChange={(event) => set({ description: event.currentTarget.value })} />
      <div className="halves">
        <Select
          label={t('col-function')}
          data={FUNCTIONS.map((value) => ({ value, label: known('function', value) }))}
          clearable
          value={form.function ?? null}
          onChange={(value) => set({ function: value ?? undefined })}
        />
        <Select
          label={t('project-target-level')}
          data={LEVELS.map((value) => ({ value, label: known('level', value) }))}
          clearable
          value={form.target_level ?? null}
          onChange={(value) => set({ target_level: value ?? undefined })}
        />
        <TextInput label={t('project-target')} value={form.target_variable ?? ''} onChange={(event) => set({ target_variable: event.currentTarget.value })} />
        <TextInput label={t('project-event')} value={form.target_event ?? ''} onChange={(event) => set({ target_event: event.currentTarget.value })} />
      </div>
      {create.error && <FailureAdvice thrown={create.error} />}
    </Dialog>
  );
}

