import { Button, MultiSelect, PasswordInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';

import type { ConnectionRow } from '../../api/bindings/ConnectionRow';
import { useRead, useWrite } from '../../api/query';
import { Empty, FailureAdvice } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Dialog, ReasonDialog } from '../../parts/dialog';
import { Section } from '../../parts/page';
import { Table } from '../../parts/table';
import { useWords } from '../../words/words';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];
const REACHES = ['public', 'private', 'anywhere'] as const;
const WIDTH = 340;

/** The doors to other systems: what is allowed, and the credentials that this desk keeps. */
export function Connections() {
  const { t } = useWords();
  const read = useRead('workflow.list_connections', {});
  const withdraw = useWrite('workflow.withdraw_connection');
  const [withdrawing, setWithdrawing] = useState<ConnectionRow | null>(null);
  const [keeping, setKeeping] = useState<ConnectionRow | null>(null);
  return (
    <Section title={t('doors')}>
      <p className="small dim">{t('doors-text')}</p>
      {read.error && <FailureAdvice thrown={read.error} />}
      <Table
        label={t('doors')}
        rows={read.data ?? []}
        rowKey={(row) => row.name}
        empty={<Empty title={t('doors-none')} />}
        columns={[
          { name: t('col-name'), header: true, cell: (row) => row.name },
          { name: t('door-base'), cell: (row) => <code>{row.base}</code> },
          { name: t('door-methods'), cell: (row) => row.methods.join(', ') },
          { name: t('door-reach'), cell: (row) => t(`door-reach-${row.reach as (typeof REACHES)[number]}`) },
          {
            name: t('door-header'),
            cell: (row) =>
              row.credential_header !== null && (
                <span className="line">
                  <code>{row.credential_header}</code>
                  <Badge tone={row.credential_here ? 'good' : 'warn'}>{t(row.credential_here ? 'door-credential-here' : 'door-credential-missing')}</Badge>
                </span>
              ),
          },
          {
            name: t('col-actions'),
            width: '240px',
            cell: (row) => (
              <span className="line">
                {row.credential_header !== null && (
                  <Button size="compact-xs" onClick={() => setKeeping(row)}>
                    {t('door-credential-keep')}
                  </Button>
                )}
                <Button size="compact-xs" color="red" onClick={() => setWithdrawing(row)}>
                  {t('door-withdraw')}
                </Button>
              </span>
            ),
          },
        ]}
      />
      <Allow />
      {keeping && <Credential connection={keeping} onClose={() => setKeeping(null)} />}
      <ReasonDialog
        opened={withdrawing !== null}
        onClose={() => setWithdrawing(null)}
        title={t('door-withdraw')}
        text={t('door-withdraw-text', { name: withdrawing?.name ?? '' })}
        action={t('door-withdraw')}
        danger
        busy={withdraw.isPending}
        error={withdraw.error}
        onReason={(reason) => withdrawing && withdraw.mutate({ name: withdrawing.name, reason }, { onSuccess: () => setWithdrawing(null) })}
      />
    </Section>
  );
}

function Allow() {
  const { t } = useWords();
  const allow = useWrite('workflow.allow_connection');
  const [name, setName] = useState('');
  const [base, setBase] = useState('');
  const [methods, setMethods] = useState<string[]>(['GET']);
  const [reach, setReach] = useState<(typeof REACHES)[number]>('public');
  const [header, setHeader] = useState('');
  const missing = name.trim() === '' || base.trim() === '' || methods.length === 0;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing) return;
        allow.mutate(
          { name: name.trim(), base: base.trim(), methods, reach, ...(header.trim() === '' ? {} : { credential_header: header.trim() }) },
          {
            onSuccess: () => {
              setName('');
              setBase('');
              setHeader('');
            },
          },
        );
      }}
    >
      <div className="line-wrap">
        <TextInput label={t('door-name')} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput label={t('door-base')} w={WIDTH} placeholder="https://models.example.com/api" value={base} onChange={(event) => setBase(event.currentTarget.value)} />
        <MultiSelect label={t('door-methods')} data={METHODS} value={methods} onChange={setMethods} />
        <Select
          label={t('door-reach')}
          data={REACHES.map((one) => ({ value: one, label: t(`door-reach-${one}`) }))}
          value={reach}
          onChange={(value) => setReach(REACHES.find((one) => one === value) ?? 'public')}
        />
        <TextInput label={t('door-header')} placeholder="authorization" value={header} onChange={(event) => setHeader(event.currentTarget.value)} />
      </div>
      {allow.error && <FailureAdvice thrown={allow.error} />}
      <div className="line">
        <Button type="submit" disabled={missing} loading={allow.isPending}>
          {t('door-allow')}
        </Button>
      </div>
    </form>
  );
}

function Credential({ connection, onClose }: { connection: ConnectionRow; onClose: () => void }) {
  const { t } = useWords();
  const keep = useWrite('workflow.keep_credential');
  const [value, setValue] = useState('');
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('door-credential', { name: connection.name })}
      foot={
        <>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button variant="filled" disabled={value === ''} loading={keep.isPending} onClick={() => keep.mutate({ name: connection.name, value }, { onSuccess: onClose })}>
            {t('door-credential-keep')}
          </Button>
        </>
      }
    >
      <PasswordInput label={t('door-credential', { name: connection.name })} autoComplete="off" placeholder="Bearer …" value={value} onChange={(event) => setValue(event.currentTarget.value)} />
      {keep.error && <FailureAdvice thrown={keep.error} />}
    </Dialog>
  );
}
