import { Button, SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';

import type { Settings as Values } from '../../api/bindings/Settings';
import { useRead, useWrite } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Digest } from '../../parts/digest';
import { Page, PageLoading, Section } from '../../parts/page';
import { Pairs } from '../../parts/pairs';
import { LANGUAGES, useWords } from '../../words/words';
import { Connections } from './connections';
import { Mail } from './mail';
import { Prices } from './prices';
import { Sandbox } from './sandbox';
import { Setting } from './setting';

/** Settings of this desk: none of them enters the ledger. */
export function Settings() {
  const { t, known } = useWords();
  const read = useRead('settings.show', {});
  const status = useRead('workspace.status', {});
  const change = useWrite('settings.change');
  if (read.error && !read.data) {
    return (
      <Page title={t('nav-settings')}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  if (!read.data) return <PageLoading />;
  const settings = read.data;
  const set = (part: Partial<Values>) => change.mutate({ ...settings, ...part });
  const workspace = status.data?.workspace;
  return (
    <Page title={t('nav-settings')} lead={t('settings-lead')}>
      {change.error && <FailureAdvice thrown={change.error} />}
      {workspace?.warnings.map((warning) => (
        <Advice key={warning} tone="warn">
          <Ticks text={warning} />
        </Advice>
      ))}
      <Section title={t('appearance')}>
        <Setting name={t('theme')}>
          <SegmentedControl
            size="xs"
            aria-label={t('theme')}
            value={settings.theme}
            onChange={(theme) => set({ theme })}
            data={[
              { value: 'system', label: t('theme-system-short') },
              { value: 'light', label: t('theme-light-short') },
              { value: 'dark', label: t('theme-dark-short') },
            ]}
          />
        </Setting>
        <Setting name={t('language')}>
          <Select
            aria-label={t('language')}
            w={220}
            value={settings.language}
            onChange={(language) => language !== null && set({ language })}
            data={[{ value: 'system', label: t('language-system') }, ...Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))]}
          />
        </Setting>
        <Setting name={t('desktop-notices')} text={t('desktop-notices-text')}>
          <Switch aria-label={t('desktop-notices')} checked={settings.desktop_notices} onChange={(event) => set({ desktop_notices: event.currentTarget.checked })} />
        </Setting>
      </Section>
      <Mail key={JSON.stringify(settings.mail)} value={settings.mail} onSave={(mail) => set({ mail })} />
      <Section title={t('folders')}>
        <Buckets key={settings.buckets} value={settings.buckets} onSave={(buckets) => set({ buckets })} />
        <Setting name={t('desk-folder')} text={t('desk-folder-text')}>
          <code>{status.data?.home}</code>
        </Setting>
      </Section>
      {workspace && <Connections />}
      <Prices />
      <Sandbox />
      {workspace && (
        <Section title={t('workspace')}>
          <Pairs
            of={[
              [t('col-name'), workspace.name],
              [t('workspace-url'), <code>{workspace.url}</code>],
              [t('workspace-id'), <Digest value={workspace.id} length={24} />],
              [t('workspace-head'), workspace.head],
              [t('keys-in'), known('keys-in', workspace.keys_in)],
              [t('program-version'), status.data?.version],
            ]}
          />
        </Section>
      )}
    </Page>
  );
}

function Buckets({ value, onSave }: { value: string; onSave: (buckets: string) => void }) {
  const { t } = useWords();
  const [typed, setTyped] = useState(value);
  return (
    <Setting name={t('buckets')} text={t('buckets-text')}>
      <form
        className="line"
        onSubmit={(event) => {
          event.preventDefault();
          onSave(typed.trim());
        }}
      >
        <TextInput aria-label={t('buckets')} w={340} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button type="submit" disabled={typed.trim() === value}>
          {t('save')}
        </Button>
      </form>
    </Setting>
  );
}
