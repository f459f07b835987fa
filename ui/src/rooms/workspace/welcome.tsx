import { Button, TextInput } from '@mantine/core';
import { FolderOpen, FolderPlus, Play } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import icon from '../../../../icons/icon.svg';
import type { WorkspaceStatus } from '../../api/bindings/WorkspaceStatus';
import { useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { MEMBER_NAME } from '../../parts/member-name';
import { Ago } from '../../parts/moment';
import { PathField } from '../../parts/path-field';
import { useWords } from '../../words/words';
import classes from './welcome.module.css';

/** The first page of a desk where no workspace is open: open one, found one, or see the demonstration. */
export function Welcome({ status }: { status: WorkspaceStatus | null }) {
  const { t } = useWords();
  const prepare = useWrite('demonstration.prepare');
  return (
    <div className={classes.welcome}>
      <header className={classes.head}>
        <img src={icon} alt="" width={56} height={56} />
        <div>
          <h1>Countersign</h1>
          <p className="dim">{t('welcome-lead')}</p>
        </div>
      </header>
      <div className={classes.ways}>
        <Way icon={<FolderOpen size={20} aria-hidden />} title={t('welcome-open')}>
          <Open status={status} />
        </Way>
        <Way icon={<FolderPlus size={20} aria-hidden />} title={t('welcome-create')}>
          <Create />
        </Way>
        <Way icon={<Play size={20} aria-hidden />} title={t('welcome-demo')}>
          <p className="dim">{t('welcome-demo-text')}</p>
          {prepare.error && <FailureAdvice thrown={prepare.error} />}
          <Button variant="filled" loading={prepare.isPending} onClick={() => prepare.mutate({})}>
            {t('welcome-demo-go')}
          </Button>
        </Way>
      </div>
      {status && (
        <p className="small dim">
          {t('desk-folder')}: <code>{status.home}</code> · {status.version}
        </p>
      )}
    </div>
  );
}

function Way({ icon: sign, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <section className={classes.way}>
      <h2 className="line">
        {sign} {title}
      </h2>
      {children}
    </section>
  );
}

function Open({ status }: { status: WorkspaceStatus | null }) {
  const { t } = useWords();
  const [url, setUrl] = useState('');
  const open = useWrite('workspace.open');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (url.trim() !== '') open.mutate({ url: url.trim() });
      }}
    >
      {(status?.recent ?? []).length > 0 && (
        <ul className={classes.recent} aria-label={t('welcome-recent')}>
          {status?.recent.slice(0, 5).map((one) => (
            <li key={one.url}>
              <button type="button" onClick={() => open.mutate({ url: one.url })}>
                <strong className="cut">{one.name}</strong>
                <span className="small dim cut">{one.url}</span>
                <span className="small dim">
                  <Ago at={one.opened_at} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <PathField label={t('workspace-url')} what="folder" placeholder={t('workspace-url-example')} value={url} onValue={setUrl} />
      {open.error && <FailureAdvice thrown={open.error} />}
      <Button type="submit" loading={open.isPending} disabled={url.trim() === ''}>
        {t('open')}
      </Button>
    </form>
  );
}

function Create() {
  const { t } = useWords();
  const [url, setUrl] = useState('');
  const [name, setName] = useState('');
  const [member, setMember] = useState('');
  const create = useWrite('workspace.create');
  const ready = url.trim() !== '' && name.trim() !== '' && MEMBER_NAME.test(member);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) create.mutate({ url: url.trim(), name: name.trim(), member });
      }}
    >
      <PathField label={t('workspace-where')} what="folder" placeholder={t('workspace-url-example')} value={url} onValue={setUrl} />
      <TextInput label={t('workspace-name')} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <TextInput
        label={t('workspace-member')}
        description={t('member-name-text')}
        value={member}
        onChange={(event) => setMember(event.currentTarget.value)}
        error={member !== '' && !MEMBER_NAME.test(member) ? t('member-name-text') : null}
      />
      {create.error && <FailureAdvice thrown={create.error} />}
      <Button type="submit" loading={create.isPending} disabled={!ready}>
        {t('welcome-create-go')}
      </Button>
    </form>
  );
}
