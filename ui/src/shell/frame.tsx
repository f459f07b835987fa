import { ActionIcon, Menu, Tooltip, useComputedColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useIsMutating, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import {
  Activity,
  Bell,
  BookCheck,
  Boxes,
  Check,
  ChevronsUpDown,
  CircleUserRound,
  CloudOff,
  FolderKanban,
  Inbox,
  Keyboard,
  Moon,
  Play,
  Search,
  Settings2,
  Sun,
  Users,
  Waypoints,
  Workflow,
} from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';

import icon from '../../../icons/icon.svg';
import type { OpenWorkspace } from '../api/bindings/OpenWorkspace';
import { call, host } from '../api/call';
import type { Changed } from '../api/host';
import { refresh, useChanges, useRead, useRows, useWrite } from '../api/query';
import { FailureAdvice } from '../parts/advice';
import { useKeys } from '../parts/keys';
import { Arrival, CrumbsPlace, PageLoading } from '../parts/page';
import { Welcome } from '../rooms/workspace/welcome';
import { useWords } from '../words/words';
import classes from './frame.module.css';
import { KeysHelp } from './keys-help';
import { routeOfLink } from './links';
import { Palette } from './palette';

/** A place in the side bar, with the key that follows `g`. */
const PLACES = [
  { to: '/', key: 'i', word: 'nav-inbox', icon: Inbox },
  { to: '/projects', key: 'p', word: 'nav-projects', icon: FolderKanban },
  { to: '/models', key: 'm', word: 'nav-models', icon: Boxes },
  { to: '/workflows', key: 'w', word: 'nav-workflows', icon: Workflow },
  { to: '/runs', key: 'r', word: 'nav-runs', icon: Play },
  { to: '/monitoring', key: 'o', word: 'nav-monitoring', icon: Activity },
  { to: '/people', key: 'e', word: 'nav-people', icon: Users },
  { to: '/ledger', key: 'l', word: 'nav-ledger', icon: BookCheck },
  { to: '/notices', key: 'n', word: 'nav-notices', icon: Bell },
  { to: '/settings', key: 's', word: 'nav-settings', icon: Settings2 },
] as const;

/** Milliseconds between two looks at how far the workspace is, for what other programs of this desk write. */
const LOOK_MS = 5_000;

/** The window's frame: places at the side, the way and the palette above, the page below. */
export function Frame() {
  const status = useRead('workspace.status', {}, { refetchInterval: LOOK_MS });
  const preparing = useIsMutating({ mutationKey: ['demonstration.prepare'] }) > 0;
  useFreshness(status.data?.workspace?.head);
  useOpenLinks();
  if (status.isPending) return <PageLoading />;
  if (status.error && !status.data) {
    return (
      <main className={classes.alone}>
        <FailureAdvice thrown={status.error} again={() => void status.refetch()} />
      </main>
    );
  }
  // The demonstration's workspace is open before its story has reached the moment it is to be met at.
  if (!status.data?.workspace || preparing) {
    return (
      <main className={classes.alone}>
        <Welcome status={status.data ?? null} />
      </main>
    );
  }
  return <Opened workspace={status.data.workspace} />;
}

function Opened({ workspace }: { workspace: OpenWorkspace }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [crumbs, setCrumbs] = useState<HTMLElement | null>(null);
  const waiting = useRows('workflow.list_tasks', { view: 'inbox' }, { limit: 1 });
  const unread = useRows('notices.list', { unread: true }, { limit: 1 });
  const changeTheme = useTheme();
  useToasts();
  const arrival = useFocusOnArrival();

  const go = Object.fromEntries(PLACES.map((place) => [`g ${place.key}`, () => void navigate({ to: place.to })]));
  useKeys({ ...go, '/': () => setPalette(true), '?': () => setHelp(true) });
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setPalette((open) => !open);
      }
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);

  const decisions = useRead('monitoring.decisions', {}).data ?? [];
  const counts: Record<string, number> = { '/': waiting.total + decisions.length, '/notices': unread.total };
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#page" onClick={(event) => { event.preventDefault(); document.querySelector<HTMLElement>('[data-page-title]')?.focus(); }}>
        {t('skip')}
      </a>
      <nav className={classes.side} aria-label={t('nav')}>
        <div className={classes.brand}>
          <img src={icon} alt="" width={22} height={22} />
          <span>Countersign</span>
        </div>
        <ul className={classes.places}>
          {PLACES.map((place) => (
            <li key={place.to}>
              <Link to={place.to} className={classes.place} activeOptions={{ exact: place.to === '/' }}>
                <place.icon size={16} aria-hidden />
                <span className="grow">{t(place.word)}</span>
                {(counts[place.to] ?? 0) > 0 && (
                  <span className={classes.count}>
                    {counts[place.to]}
                    <span className="hidden-text"> {t(place.to === '/' ? 'nav-waiting' : 'nav-unread')}</span>
                  </span>
                )}
              </Link>
            </li>
          ))}
          {workspace.demonstration && (
            <li className={classes.apart}>
              <Link to="/story" className={classes.place}>
                <Waypoints size={16} aria-hidden />
                <span className="grow">{t('nav-story')}</span>
                <span className={classes.count}>
                  {workspace.demonstration.steps.filter((step) => step.state === 'done').length}/{workspace.demonstration.steps.length}
                </span>
              </Link>
            </li>
          )}
        </ul>
        <Actor workspace={workspace} />
      </nav>
      <header className={classes.bar}>
        <nav ref={setCrumbs} className={classes.way} aria-label={t('crumbs')} />
        {workspace.pending > 0 && (
          <span className={classes.pending}>
            <CloudOff size={14} aria-hidden /> {t('pending', { n: workspace.pending })}
          </span>
        )}
        <button type="button" className={classes.search} onClick={() => setPalette(true)}>
          <Search size={14} aria-hidden />
          <span className="grow">{t('palette-open')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <BarButton label={t('keys-title')} onClick={() => setHelp(true)}>
          <Keyboard size={16} aria-hidden />
        </BarButton>
        <BarButton label={t(changeTheme.dark ? 'theme-to-light' : 'theme-to-dark')} onClick={changeTheme.toggle}>
          {changeTheme.dark ? <Sun size={16} aria-hidden /> : <Moon size={16} aria-hidden />}
        </BarButton>
      </header>
      <main className={classes.page} id="page">
        <CrumbsPlace.Provider value={crumbs}>
          <Arrival.Provider value={arrival}>
            <Outlet />
          </Arrival.Provider>
        </CrumbsPlace.Provider>
      </main>
      {palette && <Palette onClose={() => setPalette(false)} places={PLACES} />}
      {help && <KeysHelp onClose={() => setHelp(false)} places={PLACES} />}
    </div>
  );
}

function BarButton({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** Who acts at this desk, in which workspace; another member whose key lies here can take over. */
function Actor({ workspace }: { workspace: OpenWorkspace }) {
  const { t, known } = useWords();
  const actAs = useWrite('workspace.act_as');
  const close = useWrite('workspace.close');
  const member = workspace.member;
  return (
    <div className={classes.actor}>
      <Menu position="top-start" width={236} shadow="sm">
        <Menu.Target>
          <button type="button" className={classes.actorButton}>
            <CircleUserRound size={18} aria-hidden />
            <span className={classes.actorText}>
              <span className="cut">{member?.display_name ?? t('nobody')}</span>
              <span className="cut small dim">{workspace.name}</span>
            </span>
            <ChevronsUpDown size={14} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('act-as')}</Menu.Label>
          {workspace.members_here.map((name) => (
            <Menu.Item
              key={name}
              rightSection={name === member?.name ? <Check size={14} aria-hidden /> : null}
              onClick={() => actAs.mutate({ member: name }, { onError: (error) => notifications.show({ message: error.message, color: 'red' }) })}
            >
              {name}
              {name === member?.name && <span className="dim small"> · {member.roles.map((role) => known('role', role)).join(', ')}</span>}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => close.mutate({})}>{t('workspace-close')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function useTheme(): { dark: boolean; toggle: () => void } {
  const dark = useComputedColorScheme('light') === 'dark';
  const settings = useRead('settings.show', {});
  const change = useWrite('settings.change');
  return {
    dark,
    toggle: () => {
      if (settings.data) change.mutate({ ...settings.data, theme: dark ? 'light' : 'dark' });
    },
  };
}

/** Shows a toast for each notice that arrives while the window is open; a click opens what it is about. */
function useToasts(): void {
  const { t } = useWords();
  const router = useRouter();
  const [since] = useState(() => Date.now());
  const shown = useRef(new Set<string>());
  const hear = useCallback(() => {
    void call('notices.list', { unread: true, page: { limit: 5 } })
      .then((page) => {
        for (const notice of page.rows) {
          if (shown.current.has(notice.id) || Date.parse(notice.at) < since) continue;
          shown.current.add(notice.id);
          const link = notice.link;
          notifications.show({
            id: notice.id,
            title: notice.title,
            message: link ? (
              <a href={`#${link}`} onClick={() => { notifications.hide(notice.id); router.history.push(link); }}>
                {notice.body || t('open')}
              </a>
            ) : (
              notice.body
            ),
            color: notice.level === 'failure' ? 'red' : notice.level === 'success' ? 'green' : 'accent',
            autoClose: 8000,
            closeButtonProps: { 'aria-label': t('close') },
          });
        }
      })
      // A toast that cannot be fetched is no reason to disturb: the notices page says what is wrong.
      .catch(() => undefined);
  }, [router, t, since]);
  useChanges(hear);
}

/**
 * Keeps the screen up with the workspace. A change names its rooms, and what shows them is fetched anew. A terminal or an
 * agent on this desk moves the workspace too, and tells only its own process: when the head is not where
 * the last change left it, everything on the screen is fetched anew.
 */
function useFreshness(head: number | undefined): void {
  const client = useQueryClient();
  const known = useRef<number | undefined>(undefined);
  useChanges(
    useCallback(
      (changed: Changed) => {
        known.current = Math.max(known.current ?? 0, changed.position);
        void refresh(client, changed.rooms);
      },
      [client],
    ),
  );
  useEffect(() => {
    if (head === undefined) return;
    const moved = known.current !== undefined && head > known.current;
    known.current = head;
    if (moved) void refresh(client, ['workspace']);
  }, [head, client]);
}

/** Opens what a deep link names (`countersign://run/…`), when the shell hands one over. */
function useOpenLinks(): void {
  const router = useRouter();
  useEffect(() => {
    let stop: (() => void) | null = null;
    let gone = false;
    void host().then((one) => {
      if (!gone) {
        stop = one.onOpen((link) => {
          const route = routeOfLink(link);
          if (route) router.history.push(route);
        });
      }
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, [router]);
}

/** After a move to another page the title has the focus: a screen reader says where it is, and Tab goes on from there. */
function useFocusOnArrival(): () => boolean {
  const waiting = useRef(false);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname ?? '' });
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    const arrived = before.current !== '';
    before.current = path;
    document.getElementById('page')?.scrollTo(0, 0);
    if (!arrived) return;
    // A page that still fetches has no title yet; it takes the focus when it has.
    const title = document.querySelector<HTMLElement>('[data-page-title]');
    waiting.current = title === null;
    title?.focus({ preventScroll: true });
  }, [path]);
  return useCallback(() => {
    const was = waiting.current;
    waiting.current = false;
    return was;
  }, []);
}
