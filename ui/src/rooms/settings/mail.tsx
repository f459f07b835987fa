import { Button, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';

import type { MailDesk } from '../../api/bindings/MailDesk';
import { useWrite } from '../../api/query';
import { Advice, FailureAdvice, Ticks } from '../../parts/advice';
import { Section } from '../../parts/page';
import { useWords } from '../../words/words';
import { Setting } from './setting';

const SECURITIES = ['tls', 'starttls', 'plain'] as const;
const WHOM = ['here', 'everybody'] as const;
const WIDTH = 340;

/** Where mail goes out from this desk, its password, and a test message. */
export function Mail({ value, onSave }: { value: MailDesk; onSave: (mail: MailDesk) => void }) {
  const { t } = useWords();
  const [typed, setTyped] = useState(value);
  const [password, setPassword] = useState('');
  const [to, setTo] = useState('');
  const keep = useWrite('settings.keep_mail_password');
  const test = useWrite('settings.send_test_mail');
  const set = (part: Partial<MailDesk>) => setTyped({ ...typed, ...part });
  const changed = JSON.stringify(typed) !== JSON.stringify(value);
  return (
    <Section title={t('mail')}>
      <p className="small dim">{t('mail-text')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSave({ ...typed, host: typed.host.trim(), user: typed.user.trim(), from: typed.from.trim() });
        }}
      >
        <Setting name={t('mail-host')}>
          <TextInput aria-label={t('mail-host')} w={WIDTH} value={typed.host} placeholder="smtp.example.com" onChange={(event) => set({ host: event.currentTarget.value })} />
        </Setting>
        <Setting name={t('mail-port')}>
          <NumberInput aria-label={t('mail-port')} w={120} min={1} max={65535} allowDecimal={false} value={typed.port} onChange={(port) => typeof port === 'number' && set({ port })} />
        </Setting>
        <Setting name={t('mail-security')}>
          <Select
            aria-label={t('mail-security')}
            w={WIDTH}
            value={typed.security}
            onChange={(security) => security !== null && set({ security })}
            data={SECURITIES.map((one) => ({ value: one, label: t(`mail-security-${one}`) }))}
          />
        </Setting>
        <Setting name={t('mail-user')}>
          <TextInput aria-label={t('mail-user')} w={WIDTH} autoComplete="off" value={typed.user} onChange={(event) => set({ user: event.currentTarget.value })} />
        </Setting>
        <Setting name={t('mail-from')}>
          <TextInput aria-label={t('mail-from')} w={WIDTH} value={typed.from} placeholder="Countersign <countersign@example.com>" onChange={(event) => set({ from: event.currentTarget.value })} />
        </Setting>
        <Setting name={t('mail-whom')}>
          <Select
            aria-label={t('mail-whom')}
            w={WIDTH}
            value={typed.whom}
            onChange={(whom) => whom !== null && set({ whom })}
            data={WHOM.map((one) => ({ value: one, label: t(`mail-whom-${one}`) }))}
          />
        </Setting>
        <div className="line">
          <Button type="submit" disabled={!changed}>
            {t('save')}
          </Button>
        </div>
      </form>
      {value.host !== '' && (
        <>
          <Setting name={t('mail-password')} text={value.password_kept ? t('mail-password-kept') : t('mail-password-text')}>
            <form
              className="line"
              onSubmit={(event) => {
                event.preventDefault();
                keep.mutate({ password }, { onSuccess: () => setPassword('') });
              }}
            >
              <PasswordInput aria-label={t('mail-password')} w={WIDTH} autoComplete="off" value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
              <Button type="submit" variant="default" disabled={password === '' || keep.isPending}>
                {t('mail-password-keep')}
              </Button>
            </form>
          </Setting>
          {keep.error && <FailureAdvice thrown={keep.error} />}
          <Setting name={t('mail-test')}>
            <form
              className="line"
              onSubmit={(event) => {
                event.preventDefault();
                test.mutate(to.trim() === '' ? {} : { to: to.trim() });
              }}
            >
              <TextInput aria-label={t('mail-test-to')} w={WIDTH} value={to} placeholder={t('mail-test-to')} onChange={(event) => setTo(event.currentTarget.value)} />
              <Button type="submit" variant="default" loading={test.isPending} disabled={changed}>
                {t('mail-test')}
              </Button>
            </form>
          </Setting>
          {test.error && <FailureAdvice thrown={test.error} />}
          {test.data && (
            <Advice tone="good">
              <Ticks text={t('mail-test-sent', { to: test.data.to, answer: test.data.answer })} />
            </Advice>
          )}
        </>
      )}
    </Section>
  );
}
