import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRouter } from '@tanstack/react-router';
import { useId, useState, type KeyboardEvent } from 'react';

import { useRead, useWrite } from '../api/query';
import { useWords } from '../words/words';
import classes from './palette.module.css';

interface Entry {
  key: string;
  group: string;
  label: string;
  detail?: string;
  act: () => void;
}

/** Results shown of each kind. */
const EACH = 6;

/** One box for everything: places, commands, and whatever has a name. */
export function Palette({ onClose, places }: { onClose: () => void; places: readonly { to: string; word: string }[] }) {
  const { t, known } = useWords();
  const router = useRouter();
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const wanted = text.trim();
  const [search] = useDebouncedValue(wanted, 120);
  const page = { search, limit: EACH };
  const enabled = search.length > 1;
  const tasks = useRead('workflow.list_tasks', { view: 'inbox', page }, { enabled, keep: true });
  const projects = useRead('registry.list_projects', { page }, { enabled, keep: true });
  const models = useRead('registry.list_models', { page }, { enabled, keep: true });
  const runs = useRead('runs.list', { page }, { enabled, keep: true });
  const definitions = useRead('workflow.list_definitions', {}, { enabled, keep: true });
  const settings = useRead('settings.show', {});
  const change = useWrite('settings.change');
  const refresh = useWrite('workspace.refresh');

  const open = (path: string) => () => router.history.push(path);
  const matches = (label: string) => wanted === '' || label.toLocaleLowerCase().includes(wanted.toLocaleLowerCase());
  const entries: Entry[] = [
    ...places.map((place) => ({ key: place.to, group: t('palette-places'), label: t(place.word), act: open(place.to) })),
    { key: 'import-package', group: t('palette-commands'), label: t('import-title'), act: open('/projects?import=true') },
    { key: 'create-project', group: t('palette-commands'), label: t('project-create'), act: open('/projects?create=true') },
    { key: 'import-definition', group: t('palette-commands'), label: t('definition-import'), act: open('/workflows?import=true') },
    { key: 'verify', group: t('palette-commands'), label: t('ledger-verify'), act: open('/ledger?verify=true') },
    { key: 'refresh', group: t('palette-commands'), label: t('workspace-refresh'), act: () => refresh.mutate({}) },
    ...(['light', 'dark', 'system'] as const).map((theme) => ({
      key: `theme-${theme}`,
      group: t('palette-commands'),
      label: t(`theme-${theme}`),
      act: () => settings.data && change.mutate({ ...settings.data, theme }),
    })),
  ].filter((entry) => matches(entry.label));
  if (enabled) {
    for (const task of tasks.data?.rows ?? []) {
      entries.push({ key: task.id, group: t('palette-tasks'), label: task.name, detail: task.project_name, act: open(`/tasks/${task.id}`) });
    }
    for (const project of projects.data?.rows ?? []) {
      entries.push({ key: project.id, group: t('nav-projects'), label: project.name, detail: project.description, act: open(`/projects/${project.id}`) });
    }
    for (const model of models.data?.rows ?? []) {
      entries.push({
        key: model.id,
        group: t('nav-models'),
        label: `${model.name} ${model.latest.number}`,
        detail: model.project_name,
        act: open(`/versions/${model.latest.version}`),
      });
    }
    for (const definition of (definitions.data ?? []).filter((one) => matches(one.name)).slice(0, EACH)) {
      entries.push({ key: definition.id, group: t('nav-workflows'), label: definition.name, detail: t('version-n', { n: definition.version }), act: open(`/definitions/${definition.id}`) });
    }
    for (const run of runs.data?.rows ?? []) {
      entries.push({ key: run.id, group: t('nav-runs'), label: run.version_label, detail: known('run-kind', run.kind), act: open(`/runs/${run.id}`) });
    }
  }
  const current = Math.min(at, entries.length - 1);

  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.act();
  };
  const hear = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      const next = (current + step + entries.length) % entries.length;
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(entries[current]);
    }
  };
  return (
    <Modal.Root opened onClose={onClose} padding={0} size={600} yOffset="12vh" centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('palette-open')}>
      <input
        className={classes.input}
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={entries.length > 0 ? `${id}-${current}` : undefined}
        aria-autocomplete="list"
        aria-label={t('palette-open')}
        placeholder={t('palette-hint')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={hear}
      />
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a combobox owns a listbox, not a select */}
      <div className={classes.list} id={`${id}-list`} role="listbox" aria-label={t('palette-open')} tabIndex={-1}>
        {entries.map((entry, n) => (
          <div key={entry.key} role="presentation">
            {entries[n - 1]?.group !== entry.group && (
              <div className={classes.group} role="presentation">
                {entry.group}
              </div>
            )}
            {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the box above hears the keys */}
            <div
              id={`${id}-${n}`}
              role="option"
              tabIndex={-1}
              aria-selected={n === current}
              className={classes.entry}
              onPointerMove={() => setAt(n)}
              onClick={() => choose(entry)}
            >
              <span className="cut">{entry.label}</span>
              {entry.detail && <span className="cut small dim">{entry.detail}</span>}
            </div>
          </div>
        ))}
        {entries.length === 0 && <p className={classes.none}>{t('palette-none', { text: wanted })}</p>}
      </div>
      </Modal.Content>
    </Modal.Root>
  );
}
