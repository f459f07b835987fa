import { Button, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { AlarmClock, Play } from 'lucide-react';
import { useState } from 'react';

import type { StartInstance } from '../../api/bindings/StartInstance';
import { useRead, useWrite } from '../../api/query';
import { Advice, FailureAdvice } from '../../parts/advice';
import { Dialog } from '../../parts/dialog';
import { useWords } from '../../words/words';
import { answered, beginning, problems, Prompts, today, type Answers } from './prompts';

/** Starts a process in a project: which one, about which version, and what it asks at its start. */
export function StartButton({ project, definition, version, primary = true }: { project?: string; definition?: string; version?: string; primary?: boolean }) {
  const { t } = useWords();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant={primary ? 'filled' : 'default'} leftSection={<Play size={14} aria-hidden />} onClick={() => setOpened(true)}>
        {t('start-title')}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t('start-title')}>
        {opened && <Form project={project ?? null} definition={definition ?? null} version={version ?? null} onClose={() => setOpened(false)} />}
      </Dialog>
    </>
  );
}

function Form({ project, definition, version, onClose }: { project: string | null; definition: string | null; version: string | null; onClose: () => void }) {
  const words = useWords();
  const { t } = words;
  const navigate = useNavigate();
  const definitions = useRead('workflow.list_definitions', {});
  const projects = useRead('registry.list_projects', { page: { limit: 500 } });
  const [picked, setPicked] = useState(definition);
  const [into, setInto] = useState(project);
  const [about, setAbout] = useState(version);
  const [process, setProcess] = useState<string | null>(null);
  const models = useRead('registry.list_models', { project: into ?? '', page: { limit: 200 } }, { enabled: into !== null });
  // A model is chosen by its latest version, and any other of its versions then.
  const shownVersion = useRead('registry.show_version', { version: about ?? '' }, { enabled: about !== null, keep: true });
  const model = about === null ? null : (models.data?.rows.find((one) => shownVersion.data?.versions.some((known) => known.version === one.latest.version))?.latest.version ?? about);
  const startable = (definitions.data ?? []).filter((one) => one.startable);
  // Where there is one way only, nobody need choose it.
  const chosen = picked ?? (startable.length === 1 ? (startable[0]?.id ?? null) : null);
  const page = useRead('workflow.show_definition', { definition: chosen ?? '' }, { enabled: chosen !== null });
  const [typed, setTyped] = useState<Answers>({});
  const [tried, setTried] = useState(false);
  const start = useWrite('workflow.start');
  const arm = useWrite('workflow.arm');
  const processes = page.data?.processes ?? [];
  const begun = processes.find((one) => one.id === process) ?? processes[0];
  const prompts = begun?.prompts ?? page.data?.prompts ?? [];
  const answers = { ...today(prompts), ...beginning(prompts, null), ...typed };
  const errors = problems(prompts, answers, words);
  const champion = projects.data?.rows.find((one) => one.id === into)?.champion;
  const byItself = begun?.start_events ?? [];
  /** What is asked for, or nothing while an answer is missing. */
  const complete = (): StartInstance | null => {
    setTried(true);
    if (chosen === null || into === null || Object.keys(errors).length > 0) return null;
    return { definition: chosen, project: into, ...(about === null ? {} : { version: about }), ...(process === null ? {} : { process }), variables: answered(prompts, answers) };
  };
  const armed = () => {
    const request = complete();
    if (request === null || chosen === null) return;
    arm.mutate(request, {
      onSuccess: () => {
        onClose();
        void navigate({ to: '/definitions/$definition', params: { definition: chosen } });
      },
    });
  };
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const request = complete();
        if (request === null) return;
        start.mutate(request, { onSuccess: (made) => void navigate({ to: '/instances/$instance', params: { instance: made.id } }) });
      }}
    >
      {definitions.data && startable.length === 0 && <Advice tone="warn">{t('start-none')}</Advice>}
      <Select
        label={t('col-definition')}
        required
        data={startable.map((one) => ({ value: one.id, label: `${one.name} · ${t('version-n', { n: one.version })}` }))}
        value={chosen}
        onChange={(value) => {
          setPicked(value);
          setProcess(null);
          setTyped({});
        }}
        error={tried && chosen === null ? t('required') : null}
      />
      {processes.length > 1 && (
        <Select
          label={t('start-process')}
          data={processes.map((one) => ({ value: one.id, label: one.name }))}
          value={process ?? processes[0]?.id ?? null}
          onChange={(value) => {
            setProcess(value);
            setTyped({});
          }}
        />
      )}
      <Select
        label={t('col-project')}
        required
        searchable
        data={(projects.data?.rows ?? []).map((one) => ({ value: one.id, label: one.name }))}
        value={into}
        onChange={(value) => {
          setInto(value);
          setAbout(null);
        }}
        error={tried && into === null ? t('required') : null}
      />
      <Select
        label={t('start-about')}
        description={champion ? t('start-about-champion', { name: `${champion.model_name} ${champion.number}` }) : t('start-about-none')}
        clearable
        searchable
        data={(models.data?.rows ?? []).map((one) => ({ value: one.latest.version, label: `${one.name} ${one.latest.number}` }))}
        value={model}
        onChange={setAbout}
      />
      {about !== null && (shownVersion.data?.versions.length ?? 0) > 1 && (
        <Select
          label={t('start-version')}
          allowDeselect={false}
          data={(shownVersion.data?.versions ?? []).map((one) => ({ value: one.version, label: one.number }))}
          value={about}
          onChange={(value) => value !== null && setAbout(value)}
        />
      )}
      <Prompts prompts={prompts} answers={answers} errors={tried ? errors : {}} onAnswers={setTyped} />
      {page.error && <FailureAdvice thrown={page.error} />}
      {start.error && <FailureAdvice thrown={start.error} />}
      {byItself.length > 0 && <Advice tone="info">{t('start-by-itself-text', { events: byItself.map((one) => one.name).join(', ') })}</Advice>}
      {arm.error && <FailureAdvice thrown={arm.error} />}
      <div className="line" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={onClose}>{t('back')}</Button>
        {byItself.length > 0 && (
          <Button leftSection={<AlarmClock size={14} aria-hidden />} loading={arm.isPending} onClick={armed}>
            {t('start-by-itself')}
          </Button>
        )}
        <Button type="submit" variant="filled" loading={start.isPending}>
          {t('start')}
        </Button>
      </div>
    </form>
  );
}
