import {
  Activity,
  ArrowLeft,
  ArrowUpRight,
  Bot,
  BookOpen,
  Boxes,
  Check,
  ChevronRight,
  CircleCheck,
  Copy,
  Eye,
  Hand,
  LayoutDashboard,
  List,
  Lock,
  type LucideIcon,
  Maximize,
  Minus,
  PanelLeftClose,
  PanelLeftOpen,
  PanelRight,
  Plus,
  Search,
  Settings,
  TriangleAlert,
  X,
} from 'lucide-react';

/** The icons there are, by what they mean; all of one set, drawn with 1.5 px. */
const ICONS = {
  fleet: LayoutDashboard,
  incidents: TriangleAlert,
  approvals: Check,
  explore: Boxes,
  knowledge: BookOpen,
  feed: Activity,
  agents: Bot,
  settings: Settings,
  hold: Hand,
  lock: Lock,
  eye: Eye,
  search: Search,
  dock: PanelRight,
  widen: PanelLeftOpen,
  narrow: PanelLeftClose,
  close: X,
  copy: Copy,
  open: ArrowUpRight,
  back: ArrowLeft,
  well: CircleCheck,
  unfold: ChevronRight,
  list: List,
  nearer: Plus,
  farther: Minus,
  whole: Maximize,
} as const satisfies Readonly<Record<string, LucideIcon>>;
export type IconName = keyof typeof ICONS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  const Drawn = ICONS[name];
  return <Drawn className="icon flex-none" size={size} strokeWidth={1.5} aria-hidden="true" />;
}
