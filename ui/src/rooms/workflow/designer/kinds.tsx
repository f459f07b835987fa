import {
  BadgeCheck,
  Boxes,
  CalendarClock,
  ChartLine,
  Circle,
  CircleDot,
  CircleStop,
  CloudUpload,
  Cog,
  Dumbbell,
  FolderSearch,
  GitFork,
  Globe,
  Group,
  ListChecks,
  Mail,
  MailOpen,
  Megaphone,
  OctagonX,
  PackageCheck,
  Radio,
  Rocket,
  Shuffle,
  Split,
  StickyNote,
  Target,
  Timer,
  TriangleAlert,
  Trophy,
  Undo2,
  User,
  type LucideIcon,
} from 'lucide-react';

import type { DesignKind } from '../../../api/bindings/DesignKind';

/** The palette: what can be drawn, by what people look for. */
export const PALETTE: readonly { group: string; kinds: readonly DesignKind[] }[] = [
  { group: 'people', kinds: ['task', 'approve'] },
  { group: 'actions', kinds: ['find-project', 'build', 'migrate', 'train', 'score', 'report', 'publish', 'choose', 'keep', 'champion', 'notify', 'mail', 'call'] },
  { group: 'ways', kinds: ['exclusive', 'parallel', 'inclusive', 'event-based'] },
  { group: 'waits', kinds: ['timer', 'message', 'signal', 'timer-boundary', 'message-boundary', 'error-boundary'] },
  { group: 'ends', kinds: ['start', 'timer-start', 'message-start', 'end', 'terminate-end'] },
  { group: 'more', kinds: ['sub-process', 'annotation'] },
];

export const KIND_ICONS: Record<DesignKind, LucideIcon> = {
  start: Circle,
  'timer-start': CalendarClock,
  'message-start': MailOpen,
  end: CircleStop,
  'terminate-end': OctagonX,
  task: User,
  approve: BadgeCheck,
  'find-project': FolderSearch,
  build: Boxes,
  migrate: CloudUpload,
  train: Dumbbell,
  score: Target,
  report: ChartLine,
  publish: Rocket,
  choose: ListChecks,
  keep: Undo2,
  champion: Trophy,
  notify: Megaphone,
  mail: Mail,
  call: Globe,
  exclusive: GitFork,
  parallel: Split,
  inclusive: Shuffle,
  'event-based': CircleDot,
  timer: Timer,
  message: Mail,
  signal: Radio,
  'timer-boundary': Timer,
  'message-boundary': MailOpen,
  'error-boundary': TriangleAlert,
  'sub-process': Group,
  annotation: StickyNote,
};

/** The icon of an element: of its kind, or of what it is in general. */
export function KindIcon({ kind, tag, size = 15 }: { kind: DesignKind | null; tag: string; size?: number }) {
  const Icon = kind ? KIND_ICONS[kind] : tag === 'process' ? PackageCheck : Cog;
  return <Icon size={size} aria-hidden />;
}
