import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRouter } from '@tanstack/react-router';
import { useId, useState, type KeyboardEvent } from 'react';

import type { HitRow } from '../api/bindings/HitRow';
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
  const { t } = useWords();
  const router = useRouter();
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const wanted = text.trim();
  const [search] = useDebouncedValue(wanted, 120);
  const enabled = search !== '';
  const found = useRead('search.find', { text: search, each: EACH }, { enabled, keep: true });
  const settings = useRead('settings.show', {});
  const change = useWrite('settings.change');
  const refresh = useWrite('workspace.refresh');

  const open = (path: string) => () => router.history.push(path);
  const matches = (label: string) => wanted === '' || label.toLocaleLowerCase().includes(wanted.toLocaleLowerCase());
  const entries: Entry[] = [
    ...places.map((place) => ({ key: place.to, group: t('palette-places'), label: t(place.word), act: open(place.to) })),
    { key: 'import-package', group: t('palette-commands'), label: t('import-title'), act: open('/projects?import=true') },
    { key: 'create-project', group: t('palette-commands'), label: t('project-create'), act: open('/projects?create=true') },
    { key: 'import-definition', group: t('palette-commands'), label: t('definition-import'), act: open('/import-definition') },
    { key: 'draw-process', group: t('palette-commands'), label: t('design-new-title'), act: open('/workflows?new=true') },
    { key: 'submit-run', group: t('palette-commands'), label: t('submit-title'), act: open('/submit') },
    { key: 'add-schedule', group: t('palette-commands'), label: t('schedule-add'), act: open('/schedules?add=true') },
    { key: 'add-target', group: t('palette-commands'), label: t('target-add'), act: open('/targets?add=true') },
    { key: 'map-template', group: t('palette-commands'), label: t('template-map'), act: open('/cluster-template?from=map') },
    { key: 'leftovers', group: t('palette-commands'), label: t('leftovers'), act: open('/leftovers') },
    { key: 'verify', group: t('palette-commands'), label: t('ledger-verify'), act: open('/ledger?verify=true') },
    { key: 'refresh', group: t('palette-commands'), label: t('workspace-refresh'), act: () => refresh.mutate({}) },
    ...(['light', 'dark', 'system'] as const).map((theme) => ({
      key: `theme-${theme}`,
      group: t('palette-commands'),
      label: t(`theme-${theme}`),
      act: () => settings.data && change.mutate({ ...settings.data, theme }),
    })),
  ].filter((entry) => matches(entry.label));
  // Best first; what is of one kind stands together, the kind of the best hit before the others.
  const kinds = new Map<string, HitRow[]>();
  for (const hit of (enabled && found.data?.hits) || []) kinds.set(hit.kind, [...(kinds.get(hit.kind) ?? []), hit]);
  for (const [kind, hits] of kinds) {
    for (const hit of hits) {
      entries.push({ key: `${hit.link} ${hit.title}`, group: t(`found-${kind}`), label: hit.title, detail: hit.detail, act: open(hit.link) });
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
              aria-label={[entry.label, entry.detail].filter(Boolean).join(' ')}
              className={classes.entry}
              onPointerMove={() => setAt(n)}
              onClick={() => choose(entry)}
            >
              <span className="cut"><Matched text={entry.label} words={wanted} /></span>
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

/** A name with the beginnings of words that were looked for set off. */
function Matched({ text, words }: { text: string; words: string }) {
  const wanted = words.split(/\s+/u).filter((word) => word !== '').map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`));
  if (wanted.length === 0) return text;
  const parts = text.split(new RegExp(`((?<![\\p{L}\\p{N}])(?:${wanted.join('|')}))`, 'giu'));
  // oxlint-disable-next-line react/no-array-index-key -- parts of one text have no other identity
  return parts.map((part, n) => (n % 2 === 1 ? <mark key={n} className={classes.matched}>{part}</mark> : part));
}
