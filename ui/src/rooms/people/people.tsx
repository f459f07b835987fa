import { Button, Checkbox, MultiSelect, Tabs, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { KeyRound, Send, UserPlus } from 'lucide-react';
import { useState } from 'react';

import type { MemberRow } from '../../api/bindings/MemberRow';
import type { RoleRow } from '../../api/bindings/RoleRow';
import { useRead, useWrite } from '../../api/query';
import { FailureAdvice } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Dialog } from '../../parts/dialog';
import { MEMBER_NAME } from '../../parts/member-name';
import { Page, PageLoading, Section } from '../../parts/page';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';
import { Invite } from './invite';
import { EnrolKey, KEY_SHAPE, Keys, OwnKey } from './keys';

/** What the address says about the people page. */
export interface PeopleSearch {
  tab?: PeopleTab | undefined;
  /** Whether the key of whoever sits here is being made. */
  own?: boolean | undefined;
}
export const PEOPLE_TABS = ['members', 'roles', 'keys'] as const;
type PeopleTab = (typeof PEOPLE_TABS)[number];

/** Who belongs to the workspace, what they may do, and the keys they sign with. */
export function People({ search }: { search: PeopleSearch }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const read = useRead('people.list', {});
  const [adding, setAdding] = useState(false);
  const [inviting, setInviting] = useState(false);
  const [changing, setChanging] = useState<MemberRow | null>(null);
  const [enrolling, setEnrolling] = useState<MemberRow | null>(null);
  const go = (next: PeopleSearch) => void navigate({ to: '/people', search: next, replace: true });
  if (read.error && !read.data) {
    return (
      <Page title={t('nav-people')}>
        <FailureAdvice thrown={read.error} again={() => void read.refetch()} />
      </Page>
    );
  }
  if (!read.data) return <PageLoading />;
  const { members, roles } = read.data;
  return (
    <Page
      title={t('nav-people')}
      lead={t('people-lead')}
      actions={
        <>
          <Button leftSection={<KeyRound size={14} aria-hidden />} onClick={() => go({ ...search, own: true })}>
            {t('own-key')}
          </Button>
          <Button leftSection={<Send size={14} aria-hidden />} onClick={() => setInviting(true)}>
            {t('invite')}
          </Button>
          <Button variant="filled" leftSection={<UserPlus size={14} aria-hidden />} onClick={() => setAdding(true)}>
            {t('member-add')}
          </Button>
        </>
      }
    >
      <Tabs value={search.tab ?? 'members'} onChange={(value) => go({ tab: PEOPLE_TABS.find((one) => one === value) })}>
        <Tabs.List>
          <Tabs.Tab value="members">{t('members')}</Tabs.Tab>
          <Tabs.Tab value="roles">{t('roles')}</Tabs.Tab>
          <Tabs.Tab value="keys">{t('keys')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="members" pt={16}>
          <Section flush>
            <Members members={members} onChange={setChanging} onEnrol={setEnrolling} />
          </Section>
        </Tabs.Panel>
        <Tabs.Panel value="roles" pt={16}>
          <Section flush>
            <Roles roles={roles} members={members} />
          </Section>
        </Tabs.Panel>
        <Tabs.Panel value="keys" pt={16}>
          <Section flush>
            <Keys members={members} />
          </Section>
        </Tabs.Panel>
      </Tabs>
      {adding && <AddMember roles={roles} onClose={() => setAdding(false)} />}
      {changing && <ChangeRoles member={changing} roles={roles} onClose={() => setChanging(null)} />}
      {enrolling && <EnrolKey member={enrolling} onClose={() => setEnrolling(null)} />}
      {inviting && <Invite onClose={() => setInviting(false)} />}
      {search.own && <OwnKey members={members} onClose={() => go({ ...search, own: undefined })} />}
    </Page>
  );
}

function Members({ members, onChange, onEnrol }: { members: readonly MemberRow[]; onChange: (member: MemberRow) => void; onEnrol: (member: MemberRow) => void }) {
  const { t, known } = useWords();
  return (
    <Table
      label={t('members')}
      rows={members}
      rowKey={(row) => row.name}
      columns={[
        {
          name: t('col-name'),
          header: true,
          cell: (row) => (
            <span className="line">
              {row.display_name} <code className="dim">{row.name}</code>
              {row.here && <Badge tone="accent">{t('member-here')}</Badge>}
            </span>
          ),
        },
        {
          name: t('roles'),
          cell: (row) => (
            <span className="line-wrap">
              {row.roles.map((role) => (
                <Badge key={role}>{known('role', role)}</Badge>
              ))}
            </span>
          ),
        },
        { name: t('col-mail'), cell: (row) => row.email ?? '' },
        {
          name: t('col-actions'),
          width: '210px',
          cell: (row) => (
            <span className="line">
              <Button size="compact-xs" aria-label={t('roles-change-of', { name: row.display_name })} onClick={() => onChange(row)}>
                {t('roles-change')}
              </Button>
              <Button size="compact-xs" aria-label={t('key-enrol-of', { name: row.display_name })} onClick={() => onEnrol(row)}>
                {t('key-enrol')}
              </Button>
            </span>
          ),
        },
      ]}
    />
  );
}

function Roles({ roles, members }: { roles: readonly RoleRow[]; members: readonly MemberRow[] }) {
  const { t, known } = useWords();
  return (
    <Table
      label={t('roles')}
      rows={roles}
      rowKey={(row) => row.role}
      columns={[
        { name: t('col-role'), header: true, width: '200px', cell: (row) => known('role', row.role) },
        {
          name: t('role-may'),
          cell: (row) => (
            <ul style={{ margin: 0, paddingLeft: 16 }}>
              {row.may.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          ),
        },
        { name: t('members'), width: '220px', cell: (row) => members.filter((member) => member.roles.includes(row.role)).map((member) => member.display_name).join(', ') },
      ]}
    />
  );
}

function AddMember({ roles, onClose }: { roles: readonly RoleRow[]; onClose: () => void }) {
  const { t, known } = useWords();
  const add = useWrite('people.add_member');
  const [name, setName] = useState('');
  const [display, setDisplay] = useState('');
  const [mail, setMail] = useState('');
  const [granted, setGranted] = useState<string[]>([]);
  const [key, setKey] = useState('');
  const [here, setHere] = useState(false);
  const [tried, setTried] = useState(false);
  const bad = !MEMBER_NAME.test(name);
  const keyless = !here && !KEY_SHAPE.test(key.trim());
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('member-add')}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            variant="filled"
            loading={add.isPending}
            onClick={() => {
              setTried(true);
              if (bad || keyless) return;
              add.mutate(
                {
                  name,
                  roles: granted,
                  key_here: here,
                  ...(display.trim() === '' ? {} : { display_name: display.trim() }),
                  ...(mail.trim() === '' ? {} : { email: mail.trim() }),
                  ...(here ? {} : { key: key.trim() }),
                },
                { onSuccess: onClose },
              );
            }}
          >
            {t('member-add')}
          </Button>
        </>
      }
    >
      <TextInput label={t('col-name')} description={t('member-name-text')} required data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={tried && bad ? t('member-name-text') : null} />
      <TextInput label={t('member-display')} value={display} onChange={(event) => setDisplay(event.currentTarget.value)} />
      <TextInput label={t('col-mail')} type="email" value={mail} onChange={(event) => setMail(event.currentTarget.value)} />
      <MultiSelect size="xs" label={t('roles')} data={roles.map((role) => ({ value: role.role, label: known('role', role.role) }))} value={granted} onChange={setGranted} />
      <Checkbox label={t('member-key-here')} description={t('member-key-here-text')} checked={here} onChange={(event) => setHere(event.currentTarget.checked)} />
      {!here && (
        <TextInput label={t('member-key')} description={t('member-key-text')} value={key} onChange={(event) => setKey(event.currentTarget.value)} error={tried && keyless ? t('member-key-text') : null} />
      )}
      {add.error && <FailureAdvice thrown={add.error} />}
    </Dialog>
  );
}

function ChangeRoles({ member, roles, onClose }: { member: MemberRow; roles: readonly RoleRow[]; onClose: () => void }) {
  const { t, known } = useWords();
  const grant = useWrite('people.grant');
  const revoke = useWrite('people.revoke');
  const [wanted, setWanted] = useState(member.roles);
  const save = async () => {
    const given = wanted.filter((role) => !member.roles.includes(role));
    const taken = member.roles.filter((role) => !wanted.includes(role));
    try {
      if (given.length > 0) await grant.mutateAsync({ name: member.name, roles: given });
      if (taken.length > 0) await revoke.mutateAsync({ name: member.name, roles: taken });
      onClose();
    } catch {
      // The mutation shows what went wrong; what was chosen stays chosen.
    }
  };
  const error = grant.error ?? revoke.error;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('roles-change-of', { name: member.display_name })}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button variant="filled" loading={grant.isPending || revoke.isPending} onClick={() => void save()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <Checkbox.Group value={wanted} onChange={setWanted} label={t('roles')}>
        <div className="stack-tight" style={{ paddingTop: 8 }}>
          {roles.map((role) => (
            <Checkbox key={role.role} value={role.role} label={known('role', role.role)} description={role.may.join(' · ')} />
          ))}
        </div>
      </Checkbox.Group>
      {error && <FailureAdvice thrown={error} />}
    </Dialog>
  );
}
