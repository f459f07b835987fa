import { Button, SegmentedControl } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Bell, CheckCheck, CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';

import type { NoticeRow } from '../../api/bindings/NoticeRow';
import { useRows, useWrite } from '../../api/query';
import { Empty, FailureAdvice, Ticks } from '../../parts/advice';
import { Badge } from '../../parts/badge';
import { Ago } from '../../parts/moment';
import { Page, Section } from '../../parts/page';
import { useWords } from '../../words/words';
import classes from './notices.module.css';

/** Notices to the member at this desk, and how each was delivered. */
export function Notices({ unread }: { unread: boolean }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const list = useRows('notices.list', { unread }, { limit: 50 });
  const mark = useWrite('notices.mark_read');
  return (
    <Page
      title={t('nav-notices')}
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('nav-notices')}
            value={unread ? 'unread' : 'all'}
            onChange={(value) => void navigate({ to: '/notices', search: { unread: value === 'unread' ? true : undefined }, replace: true })}
            data={[
              { value: 'all', label: t('all') },
              { value: 'unread', label: t('notices-unread') },
            ]}
          />
          <Button leftSection={<CheckCheck size={14} aria-hidden />} loading={mark.isPending} onClick={() => mark.mutate({ notices: [] })}>
            {t('notices-mark-all')}
          </Button>
        </>
      }
    >
      {mark.error && <FailureAdvice thrown={mark.error} />}
      {list.error && <FailureAdvice thrown={list.error} again={list.again} />}
      <Section flush>
        {list.rows.length === 0 && !list.loading ? (
          <Empty icon={<Bell size={28} aria-hidden />} title={t('notices-none')}>
            {t('notices-none-text')}
          </Empty>
        ) : (
          <ul className={classes.notices} aria-busy={list.loading}>
            {list.rows.map((row) => (
              <Notice key={row.id} row={row} onRead={() => mark.mutate({ notices: [row.id] })} />
            ))}
          </ul>
        )}
      </Section>
      {list.rows.length < list.total && (
        <Button style={{ alignSelf: 'center' }} onClick={list.more}>
          {t('more')}
        </Button>
      )}
    </Page>
  );
}

function Notice({ row, onRead }: { row: NoticeRow; onRead: () => void }) {
  const { t, known, moment } = useWords();
  return (
    <li data-read={row.read}>
      <NoticeIcon level={row.level} />
      <div className="grow">
        <div className="spread">
          <strong>
            {row.link ? (
              <a href={`#${row.link}`} onClick={onRead}>
                {row.title}
              </a>
            ) : (
              row.title
            )}
          </strong>
          <span className="line small dim">
            <Ago at={row.at} />
            {!row.read && (
              <Button size="compact-xs" aria-label={t('notice-mark', { title: row.title })} onClick={onRead}>
                {t('notice-read')}
              </Button>
            )}
          </span>
        </div>
        <p>
          <Ticks text={row.body} />
        </p>
        <div className="line-wrap">
          {row.deliveries.map((delivery) => (
            <span key={`${delivery.channel} ${delivery.at}`} title={moment(delivery.at)}>
              <Badge tone={delivery.result === 'delivered' ? 'quiet' : 'warn'}>
                {known('channel', delivery.channel)}: {known('delivery', delivery.result)}
              </Badge>
            </span>
          ))}
        </div>
      </div>
    </li>
  );
}

function NoticeIcon({ level }: { level: string }) {
  const { known } = useWords();
  const Icon = { success: CircleCheck, warning: TriangleAlert, failure: CircleAlert }[level] ?? Info;
  return (
    <span className={classes.icon} data-level={level}>
      <Icon size={17} aria-hidden />
      <span className="hidden-text">{known('level-of', level)}</span>
    </span>
  );
}

/** The latest unread notices, for the inbox. */
export function LatestNotices() {
  const { t } = useWords();
  const list = useRows('notices.list', { unread: true }, { limit: 5 });
  return (
    <Section title={t('nav-notices')} aside={<Link to="/notices">{t('see-all')}</Link>}>
      {list.rows.length === 0 ? (
        <p className="dim">{t('notices-none-unread')}</p>
      ) : (
        <ul className={classes.latest}>
          {list.rows.map((row) => (
            <li key={row.id}>
              <NoticeIcon level={row.level} />
              <div className="grow">
                {row.link ? <a href={`#${row.link}`}>{row.title}</a> : row.title}
                <div className="small dim">
                  <Ago at={row.at} />
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
