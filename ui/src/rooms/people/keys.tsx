import { Autocomplete, Button, TextInput } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';

import type { KeyRow } from '../../api/bindings/KeyRow';
import type { MemberRow } from '../../api/bindings/MemberRow';
import { useRead, useWrite } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { CommandLine } from '../../parts/command';
import { Dialog, ReasonDialog } from '../../parts/dialog';
import { MEMBER_NAME } from '../../parts/member-name';
import { Pairs } from '../../parts/pairs';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';

/** The public half of a key, with or without the name of its algorithm. */
export const KEY_SHAPE = /^(ed25519:)?[0-9a-f]{64}$/i;

interface Held {
  member: MemberRow;
  key: KeyRow;
}

/** Every key with whose it is, and what may be done about it. */
export function Keys({ members }: { members: readonly MemberRow[] }) {
  const { t } = useWords();
  const me = useRead('workspace.status', {}).data?.workspace?.member?.name;
  const [revoking, setRevoking] = useState<KeyRow | null>(null);
  const [confirming, setConfirming] = useState<Held | null>(null);
  const revoke = useWrite('people.revoke_key');
  const rows: Held[] = members.flatMap((member) => member.keys.map((key) => ({ member, key })));
  return (
    <>
      <Table
        label={t('keys')}
        rows={rows}
        rowKey={(row) => row.key.fingerprint}
        columns={[
          {
            name: t('key'),
            header: true,
            cell: (row) => (
              <span className="line">
                <KeyRound size={14} aria-hidden />
                <code>{row.key.fingerprint}</code>
              </span>
            ),
          },
          { name: t('col-who'), cell: (row) => row.member.display_name },
          { name: t('col-device'), cell: (row) => row.key.device },
          { name: t('key-enrolled-by'), cell: (row) => row.key.enrolled_by },
          { name: t('key-from'), numeric: true, cell: (row) => row.key.valid_from ?? <Badge tone="warn">{t('key-waits')}</Badge> },
          { name: t('key-until'), numeric: true, cell: (row) => row.key.revoked_at ?? '' },
          {
            name: t('col-actions'),
            width: '180px',
            cell: ({ member, key }) =>
              key.revoked_at === null ? (
                <span className="line">
                  {key.valid_from === null && key.enrolled_by !== me && (
                    <Button size="compact-xs" variant="filled" aria-label={t('key-confirm-of', { key: key.fingerprint })} onClick={() => setConfirming({ member, key })}>
                      {t('key-confirm')}
                    </Button>
                  )}
                  <Button size="compact-xs" aria-label={t('key-revoke-of', { key: key.fingerprint })} onClick={() => setRevoking(key)}>
                    {t('key-revoke')}
                  </Button>
                </span>
              ) : (
                <Badge tone="warn">{t('key-revoked')}</Badge>
              ),
          },
        ]}
      />
      {confirming && <EnrolKey member={confirming.member} waiting={confirming.key} onClose={() => setConfirming(null)} />}
      {revoking && (
        <ReasonDialog
          opened
          onClose={() => setRevoking(null)}
          title={t('key-revoke')}
          text={t('key-revoke-text', { key: revoking.fingerprint })}
          action={t('key-revoke')}
          danger
          busy={revoke.isPending}
          error={revoke.error}
          onReason={(reason) => revoke.mutate({ key: revoking.fingerprint, reason }, { onSuccess: () => setRevoking(null) })}
        />
      )}
    </>
  );
}

/** Enrols a key a member made at a desk of their own, or says the same of one that waits for a second administrator. */
export function EnrolKey({ member, waiting, onClose }: { member: MemberRow; waiting?: KeyRow; onClose: () => void }) {
  const { t } = useWords();
  const enrol = useWrite('people.enrol_key');
  const [key, setKey] = useState(waiting?.key ?? '');
  const [device, setDevice] = useState(waiting?.device ?? '');
  const [tried, setTried] = useState(false);
  const bad = !KEY_SHAPE.test(key.trim());
  const fingerprint = bad ? '' : key.trim().replace(/^ed25519:/i, '').slice(0, 16).toLowerCase();
  const title = waiting ? t('key-confirm-of', { key: waiting.fingerprint }) : t('key-enrol-of', { name: member.display_name });
  return (
    <Dialog
      opened
      onClose={onClose}
      title={title}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            variant="filled"
            loading={enrol.isPending}
            onClick={() => {
              setTried(true);
              if (!bad) enrol.mutate({ name: member.name, key: key.trim(), ...(device.trim() === '' ? {} : { device: device.trim() }) }, { onSuccess: onClose });
            }}
          >
            {waiting ? t('key-confirm') : t('key-enrol')}
          </Button>
        </>
      }
    >
      <p>{t('key-enrol-text', { name: member.display_name })}</p>
      <TextInput label={t('member-key')} description={t('member-key-text')} required readOnly={waiting !== undefined} data-autofocus value={key} onChange={(event) => setKey(event.currentTarget.value)} error={tried && bad ? t('member-key-text') : null} />
      <TextInput label={t('col-device')} readOnly={waiting !== undefined} value={device} onChange={(event) => setDevice(event.currentTarget.value)} />
      <Pairs of={[[t('key-fingerprint'), fingerprint === '' ? null : <code>{fingerprint}</code>]]} />
      {enrol.error && <FailureAdvice thrown={enrol.error} />}
    </Dialog>
  );
}

/** Makes the key of whoever sits at this desk, and shows what an administrator needs to enrol it. */
export function OwnKey({ members, onClose }: { members: readonly MemberRow[]; onClose: () => void }) {
  const { t } = useWords();
  const create = useWrite('people.create_key');
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const bad = !MEMBER_NAME.test(name);
  const made = create.data;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('own-key')}
      size="lg"
      foot={
        made ? (
          <Button onClick={onClose}>{t('close')}</Button>
        ) : (
          <>
            <Button onClick={onClose}>{t('back')}</Button>
            <Button
              variant="filled"
              loading={create.isPending}
              onClick={() => {
                setTried(true);
                if (!bad) create.mutate({ name });
              }}
            >
              {t('own-key-make')}
            </Button>
          </>
        )
      }
    >
      {made ? (
        <>
          <Pairs
            of={[
              [t('col-name'), made.name],
              [t('key-fingerprint'), <code key="fingerprint">{made.fingerprint}</code>],
              [t('col-device'), made.device],
            ]}
          />
          {made.enrolled ? (
            <Advice tone="good">{t('own-key-enrolled')}</Advice>
          ) : (
            <>
              <Advice tone="info">{t('own-key-send')}</Advice>
              <CommandLine text={made.key} label={t('member-key')} copy={t('own-key-copy')} />
              <p className="small dim">
                <Ticks text={t('own-key-terminal')} />
              </p>
              <CommandLine text={`countersign member enrol ${made.name} --key ${made.key} --device '${made.device}'`} />
            </>
          )}
        </>
      ) : (
        <>
          <p>{t('own-key-text')}</p>
          <Autocomplete
            label={t('own-key-whose')}
            description={t('member-name-text')}
            required
            data-autofocus
            value={name}
            onChange={setName}
            data={members.map((member) => member.name)}
            error={tried && bad ? t('member-name-text') : null}
          />
        </>
      )}
      {create.error && <FailureAdvice thrown={create.error} />}
    </Dialog>
  );
}
