import { MultiSelect } from '@mantine/core';

import type { DesignElement } from '../../../api/bindings/DesignElement';
import type { DesignPage } from '../../../api/bindings/DesignPage';
import { useWords, type Words } from '../../../words/words';
import { Names, useLocal, type Set } from './typed';

/** Whose hand in a process keeps them from a task, in one spelling of the several a definition may have. */
function plainly(standIn: string, tasks: readonly DesignElement[]): string {
  const plain = standIn.replaceAll(/\s+/g, '');
  if (/^modeler(\(\)|\(model\)|\(version\))?$/.test(plain)) return 'modeler(version)';
  const named = /^completerOf\((.*)\)$/s.exec(standIn.trim())?.[1]?.trim();
  if (named === undefined) return plain;
  const task = tasks.find((one) => one.id === named) ?? tasks.find((one) => one.name === named);
  return `completerOf(${task?.id ?? named})`;
}

/** Those whom a task can keep out for what they did: the spelling a definition has of each, with what people call them. */
export function standIns(written: readonly string[], element: string, tasks: readonly DesignElement[], { t }: Words): { value: string; label: string }[] {
  const others = tasks.filter((one) => one.id !== element);
  const all = ['initiator', 'modeler(version)', 'modeler(project)', ...others.map((one) => `completerOf(${one.id})`)];
  const spelled = new Map(written.map((one) => [plainly(one, tasks), one]));
  const label = (plain: string) => {
    if (plain === 'initiator') return t('design-initiator');
    if (plain === 'modeler(version)') return t('design-modeler-version');
    if (plain === 'modeler(project)') return t('design-modeler-project');
    const id = plain.slice('completerOf('.length, -1);
    const name = tasks.find((one) => one.id === id)?.name.replaceAll(/\s+/g, ' ').trim();
    return t('design-completer-of', { task: name || id });
  };
  return [...new Set([...all, ...spelled.keys()])].map((plain) => ({ value: spelled.get(plain) ?? plain, label: label(plain) }));
}

/** Who may not take a task: groups, people, and whoever had a hand in what it judges. */
export function Excluded({ page, element, set, roles, members }: { page: DesignPage; element: DesignElement; set: Set; roles: readonly string[]; members: readonly string[] }) {
  const words = useWords();
  const { t } = words;
  const [those, put] = useLocal(element.excluded, (excluded) => set({ property: 'excluded', excluded }));
  const tasks = page.elements.filter((one) => one.tag === 'userTask');
  return (
    <>
      <Names label={t('design-excluded-groups')} value={those.groups} known={roles} onValue={(groups) => put({ ...those, groups })} />
      <Names label={t('design-excluded')} description={t('design-excluded-text')} value={those.users} known={members} onValue={(users) => put({ ...those, users })} />
      <MultiSelect
        size="xs"
        label={t('design-stand-ins')}
        description={t('design-stand-ins-text')}
        data={standIns(those.stand_ins, element.id, tasks, words)}
        value={those.stand_ins}
        onChange={(stand_ins) => put({ ...those, stand_ins })}
      />
    </>
  );
}
