import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';

import Modeler from 'bpmn-js/lib/Modeler';

import type { DesignChange } from '../../api/bindings/DesignChange';
import type { DesignKind } from '../../api/bindings/DesignKind';
import type { DiagramMark } from '../diagram';
import { changesBetween, type Done, type Drawing, type Drawn } from './changes';
import { draw, drawingStyle, fit } from './viewer';

/** A model object of bpmn-js, as far as it is looked at here. */
interface Business {
  id: string;
  $type: string;
  $parent?: Business;
  name?: string;
  text?: string;
  eventDefinitions?: { $type: string }[];
  cancelActivity?: boolean;
  triggeredByEvent?: boolean;
}
interface Shape {
  id: string;
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  parent?: Shape;
  host?: Shape;
  label?: Shape;
  labelTarget?: Shape;
  waypoints?: { x: number; y: number }[];
  source?: Shape;
  target?: Shape;
  hidden?: boolean;
  businessObject: Business;
}
interface Services {
  canvas: {
    getRootElement(): Shape;
    viewbox(box?: object): { x: number; y: number; width: number; height: number };
    scrollToElement(element: Shape, padding?: number): void;
    addMarker(element: string, marker: string): void;
    focus(): void;
  };
  elementRegistry: { get(id: string): Shape | undefined; getAll(): Shape[] };
  elementFactory: { createShape(attributes: object): Shape };
  modeling: {
    createShape(shape: Shape, at: { x: number; y: number }, into: Shape, hints?: object): Shape;
    createElements(shapes: Shape[], at: { x: number; y: number }, into: Shape): Shape[];
    connect(source: Shape, target: Shape): unknown;
    updateLabel(element: Shape, text: string): void;
    removeElements(elements: Shape[]): void;
  };
  autoPlace: { append(source: Shape, shape: Shape): Shape };
  create: { start(event: Event, shapes: Shape | Shape[]): void };
  connect: { start(event: Event, source: Shape): void };
  rules: { allowed(rule: string, context: object): unknown };
  selection: { get(): Shape[]; select(elements: Shape | Shape[] | null): void };
  directEditing: { activate(element: Shape): void; isActive(): boolean; complete(): void };
  eventBus: { on(event: string, priority: number, listener: (event: never) => unknown): void };
  keyboard: { addListener(priority: number, listener: (event: { keyEvent: KeyboardEvent }) => boolean | undefined): void };
  contextPad: { registerProvider(provider: object): void };
}

export interface ModelerOptions {
  container: HTMLElement;
  /** The words of the window. */
  t: (name: string) => string;
  /** Hears what was done on the canvas, for the document to follow. */
  onChanges: (done: Done, changes: DesignChange[]) => void;
  onSelect: (ids: string[]) => void;
  onUndo: () => void;
  onRedo: () => void;
}

/** A canvas to draw a process on. */
export interface ModelerHandle {
  /** Shows a document, with the view and the selection as they are. */
  show(xml: string): Promise<void>;
  /** Draws an element: after what is selected where that leads on, at its boundary, or where there is room. Answers its id. */
  add(kind: DesignKind, name: string): string | null;
  /** Draws an element wherever it is dropped. */
  drag(kind: DesignKind, name: string, event: Event): void;
  connect(source: string, target: string): boolean;
  rename(id: string, name: string): void;
  remove(id: string): void;
  select(id: string | null): void;
  /** Types the name of an element on the canvas. */
  edit(id: string): void;
  mark(marks: readonly DiagramMark[]): void;
  fit(): void;
  focus(): void;
  destroy(): void;
}

/** What bpmn-js is to draw for a kind of ours. */
const SHAPES: Record<DesignKind, { type: string; event?: string; more?: object }> = {
  start: { type: 'bpmn:StartEvent' },
  'timer-start': { type: 'bpmn:StartEvent', event: 'Timer' },
  'message-start': { type: 'bpmn:StartEvent', event: 'Message' },
  'signal-start': { type: 'bpmn:StartEvent', event: 'Signal' },
  'error-start': { type: 'bpmn:StartEvent', event: 'Error' },
  'escalation-start': { type: 'bpmn:StartEvent', event: 'Escalation' },
  'condition-start': { type: 'bpmn:StartEvent', event: 'Conditional' },
  end: { type: 'bpmn:EndEvent' },
  'message-end': { type: 'bpmn:EndEvent', event: 'Message' },
  'signal-end': { type: 'bpmn:EndEvent', event: 'Signal' },
  'error-end': { type: 'bpmn:EndEvent', event: 'Error' },
  'escalation-end': { type: 'bpmn:EndEvent', event: 'Escalation' },
  'terminate-end': { type: 'bpmn:EndEvent', event: 'Terminate' },
  task: { type: 'bpmn:UserTask' },
  approve: { type: 'bpmn:UserTask' },
  'find-project': { type: 'bpmn:ServiceTask' },
  build: { type: 'bpmn:ServiceTask' },
  migrate: { type: 'bpmn:ServiceTask' },
  train: { type: 'bpmn:ServiceTask' },
  score: { type: 'bpmn:ServiceTask' },
  report: { type: 'bpmn:ServiceTask' },
  publish: { type: 'bpmn:ServiceTask' },
  choose: { type: 'bpmn:ServiceTask' },
  keep: { type: 'bpmn:ServiceTask' },
  champion: { type: 'bpmn:ServiceTask' },
  notify: { type: 'bpmn:ServiceTask' },
  mail: { type: 'bpmn:ServiceTask' },
  call: { type: 'bpmn:ServiceTask' },
  job: { type: 'bpmn:ServiceTask' },
  receive: { type: 'bpmn:ReceiveTask' },
  send: { type: 'bpmn:SendTask' },
  'call-process': { type: 'bpmn:CallActivity' },
  exclusive: { type: 'bpmn:ExclusiveGateway' },
  parallel: { type: 'bpmn:ParallelGateway' },
  inclusive: { type: 'bpmn:InclusiveGateway' },
  'event-based': { type: 'bpmn:EventBasedGateway' },
  timer: { type: 'bpmn:IntermediateCatchEvent', event: 'Timer' },
  message: { type: 'bpmn:IntermediateCatchEvent', event: 'Message' },
  signal: { type: 'bpmn:IntermediateCatchEvent', event: 'Signal' },
  condition: { type: 'bpmn:IntermediateCatchEvent', event: 'Conditional' },
  'message-throw': { type: 'bpmn:IntermediateThrowEvent', event: 'Message' },
  'signal-throw': { type: 'bpmn:IntermediateThrowEvent', event: 'Signal' },
  'escalation-throw': { type: 'bpmn:IntermediateThrowEvent', event: 'Escalation' },
  'link-throw': { type: 'bpmn:IntermediateThrowEvent', event: 'Link' },
  'link-catch': { type: 'bpmn:IntermediateCatchEvent', event: 'Link' },
  'timer-boundary': { type: 'bpmn:BoundaryEvent', event: 'Timer', more: { cancelActivity: false } },
  'message-boundary': { type: 'bpmn:BoundaryEvent', event: 'Message' },
  'error-boundary': { type: 'bpmn:BoundaryEvent', event: 'Error' },
  'signal-boundary': { type: 'bpmn:BoundaryEvent', event: 'Signal' },
  'escalation-boundary': { type: 'bpmn:BoundaryEvent', event: 'Escalation', more: { cancelActivity: false } },
  'condition-boundary': { type: 'bpmn:BoundaryEvent', event: 'Conditional' },
  'sub-process': { type: 'bpmn:SubProcess', more: { isExpanded: true } },
  'event-sub-process': { type: 'bpmn:SubProcess', more: { isExpanded: true, triggeredByEvent: true } },
  annotation: { type: 'bpmn:TextAnnotation' },
};

/** What an event of the canvas waits for or throws. */
function eventOf(shape: Shape): string | undefined {
  return shape.businessObject.eventDefinitions?.[0]?.$type.replace(/^bpmn:|EventDefinition$/g, '');
}

/** Whether a flow may lead on from a shape. */
function leadsOn(shape: Shape): boolean {
  const jumps = shape.type === 'bpmn:IntermediateThrowEvent' && eventOf(shape) === 'Link';
  return !jumps && !shape.businessObject.triggeredByEvent && !/EndEvent$|TextAnnotation$|Participant$|Lane$/.test(shape.type);
}

/** Whether a flow may lead to a new element. */
function isLedTo(kind: DesignKind): boolean {
  return !/^start$|-start$/.test(kind) && kind !== 'event-sub-process' && kind !== 'link-catch';
}

/** What a shape is that bpmn-js made of its own accord, as when an event is dropped on a task's border. */
function kindOf(shape: Shape): DesignKind | undefined {
  const { businessObject: business } = shape;
  if (business.triggeredByEvent) return 'event-sub-process';
  const event = eventOf(shape);
  const plain: Record<string, DesignKind> = { 'bpmn:Task': 'task', 'bpmn:IntermediateThrowEvent': 'timer', 'bpmn:BoundaryEvent': 'timer-boundary' };
  const found = (Object.keys(SHAPES) as DesignKind[]).find((kind) => SHAPES[kind].type === business.$type && SHAPES[kind].event === event);
  return found ?? plain[business.$type];
}

/** Left free above what is laid below everything else: for the events at a boundary, and where they lead. */
const ROOM_PX = 140;

/** Kept between what is laid where there is room and what is there already. */
const APART_PX = 20;

const ACTIVITY = /Task$|:Task$|SubProcess$|CallActivity$/;

const ICONS: Record<string, string> = {
  connect: '<path d="M4 20 20 4M9 4h11v11"/>',
  remove: '<path d="M3 6h18M8 6V4h8v2M6 6l1 14h10l1-14"/>',
  task: '<rect x="3" y="5" width="18" height="14" rx="3"/>',
  exclusive: '<path d="m12 2 10 10-10 10L2 12z M9 9l6 6m0-6-6 6"/>',
  end: '<circle cx="12" cy="12" r="8" stroke-width="3"/>',
};

/** Opens a canvas. Everything that knows bpmn-js's modeler is in this file; its own XML is never asked for. */
export function openModeler(options: ModelerOptions): ModelerHandle {
  const { t } = options;
  const kinds = new Map<string, DesignKind>();
  const providers = {
    __init__: ['contextPadProvider'],
    paletteProvider: ['value', {}],
    contextPadProvider: ['type', Pad],
  };
  // The few things one does with the pointer right there; all of them are in the panel too, for who uses keys.
  function Pad(this: object, contextPad: Services['contextPad']) {
    Object.assign(this, { getContextPadEntries: (element: Shape) => pad(element) });
    contextPad.registerProvider(this);
  }
  Pad.$inject = ['contextPad'];

  const modeler = new Modeler({ container: options.container, additionalModules: [providers], ...drawingStyle() });
  const get = <S extends keyof Services>(name: S): Services[S] => modeler.get<Services[S]>(name);
  let shown: Drawing = new Map();
  let importing = false;
  let marks: readonly DiagramMark[] = [];
  let unmark = () => {};

  function pad(element: Shape): Record<string, object> {
    if (element.labelTarget || element.waypoints) return element.waypoints ? { remove: entry('remove', () => get('modeling').removeElements([element])) } : {};
    const leads = leadsOn(element);
    const append = (kind: DesignKind) => entry(kind, () => select(placedAfter(element, kind, t(`design-name-${kind}`)).id));
    return {
      ...(leads ? { task: append('task'), exclusive: append('exclusive'), end: append('end'), connect: { ...entry('connect', (event) => get('connect').start(event, element)), } } : {}),
      remove: entry('remove', () => get('modeling').removeElements([element])),
    };
  }
  function entry(icon: string, act: (event: Event) => void): object {
    const title = t(`design-pad-${icon}`);
    const html = `<div class="entry"><svg viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${ICONS[icon] ?? ''}</svg></div>`;
    return { group: 'edit', title, html, action: { click: act, dragstart: act } };
  }

  function made(kind: DesignKind, name: string, place: object = {}): Shape {
    const { type, event, more } = SHAPES[kind];
    const shape = get('elementFactory').createShape({ type, ...(event ? { eventDefinitionType: `bpmn:${event}EventDefinition` } : {}), ...more, ...place });
    if (kind === 'annotation') shape.businessObject.text = name;
    else if (name !== '') shape.businessObject.name = name;
    kinds.set(shape.businessObject.id, kind);
    return shape;
  }
  /** The shape of a kind, with what cannot be left out of it: an event sub-process has the event that sets it off. */
  function madeWhole(kind: DesignKind, name: string): Shape[] {
    if (kind !== 'event-sub-process') return [made(kind, name)];
    const shape = made(kind, name, { x: 0, y: 0 });
    return [shape, made('error-start', '', { x: 40, y: 82, parent: shape })];
  }
  function middleOf(level: Shape): { x: number; y: number } {
    const box = level.parent ? level : get('canvas').viewbox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }
  /** The middle of a level, or the first place below it where a shape covers nothing. */
  function free(level: Shape, shape: Shape | undefined): { x: number; y: number } {
    const at = middleOf(level);
    if (!shape) return at;
    const others = get('elementRegistry').getAll().filter((one) => one !== level && !one.waypoints && one.parent === level);
    const covers = (one: Shape) =>
      Math.abs(one.x + one.width / 2 - at.x) < (one.width + shape.width) / 2 + APART_PX && Math.abs(one.y + one.height / 2 - at.y) < (one.height + shape.height) / 2 + APART_PX;
    for (let covered = others.find(covers); covered; covered = others.find(covers)) at.y = covered.y + covered.height + APART_PX + shape.height / 2;
    return at;
  }
  /** The middle of a shape below everything on a level: so large a shape would hide what it is laid over. */
  function below(level: Shape, shape: Shape): { x: number; y: number } | null {
    const others = get('elementRegistry').getAll().filter((one) => one.parent === level && !one.waypoints && !one.labelTarget);
    if (others.length === 0) return null;
    const left = Math.min(...others.map((one) => one.x));
    const bottom = Math.max(...others.map((one) => one.y + one.height));
    return { x: left + shape.width / 2, y: bottom + ROOM_PX + shape.height / 2 };
  }
  function placedAfter(source: Shape, kind: DesignKind, name: string): Shape {
    return get('autoPlace').append(source, made(kind, name));
  }
  function find(id: string): Shape | undefined {
    return get('elementRegistry').get(id);
  }
  function select(id: string | null): void {
    const found = id === null ? undefined : find(id);
    get('selection').select(found ?? null);
    if (found && !found.waypoints) get('canvas').scrollToElement(found, 60);
  }
  /** The one thing selected that something can follow. */
  function selected(): Shape | undefined {
    const all = get('selection').get();
    const only = all.length === 1 ? all[0] : undefined;
    return only?.labelTarget ?? only;
  }

  function take(): Drawing {
    const all = new Map<string, Drawn>();
    for (const element of get('elementRegistry').getAll()) {
      const business = element.businessObject;
      if (element.labelTarget || !element.parent || !business?.$parent) continue;
      if (/Participant$|Lane$/.test(business.$type)) continue;
      const { x, y, width, height } = element;
      const label = element.label && { x: element.label.x, y: element.label.y, width: element.label.width, height: element.label.height };
      const name = (business.$type === 'bpmn:TextAnnotation' ? business.text : business.name) ?? '';
      const kind = kinds.get(business.id) ?? kindOf(element);
      all.set(business.id, {
        id: business.id,
        into: business.$parent.id,
        name,
        ...(label ? { label } : {}),
        ...(element.waypoints
          ? {
              points: element.waypoints.map((point) => ({ x: point.x, y: point.y })),
              ...(element.source ? { source: element.source.businessObject.id } : {}),
              ...(element.target ? { target: element.target.businessObject.id } : {}),
            }
          : { bounds: { x, y, width, height }, ...(kind ? { kind } : {}), ...(element.host ? { host: element.host.businessObject.id } : {}) }),
      });
    }
    return all;
  }

  get('eventBus').on('commandStack.changed', 500, () => {
    if (importing) return;
    const now = take();
    const { done, changes } = changesBetween(shown, now);
    shown = now;
    if (changes.length > 0) options.onChanges(done, changes);
  });
  get('eventBus').on('selection.changed', 500, ((event: { newSelection: Shape[] }) => {
    if (!importing) options.onSelect([...new Set(event.newSelection.map((one) => (one.labelTarget ?? one).businessObject.id))]);
  }) as (event: never) => unknown);
  // Taking back is the document's business: only there is every byte as it was.
  get('keyboard').addListener(3000, ({ keyEvent: event }) => {
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && (key === 'z' || key === 'y')) {
      if (key === 'y' || event.shiftKey) options.onRedo();
      else options.onUndo();
      return true;
    }
    // Copies would be drawn without what they mean.
    if ((event.ctrlKey || event.metaKey) && ['c', 'v', 'x', 'd'].includes(key)) return true;
    return key === 'r' && !event.ctrlKey ? true : undefined;
  });

  return {
    async show(xml) {
      const box = shown.size > 0 ? get('canvas').viewbox() : null;
      const chosen = get('selection').get().map((one) => one.id);
      importing = true;
      try {
        await modeler.importXML(xml);
        shown = take();
        if (box) get('canvas').viewbox({ x: box.x, y: box.y, width: box.width, height: box.height });
        else fit(modeler);
        unmark = draw(modeler, marks);
        const again = chosen.map((id) => find(id)).filter((one) => one !== undefined);
        if (again.length > 0) get('selection').select(again);
      } finally {
        importing = false;
      }
    },
    add(kind, name) {
      const after = selected();
      if (kind.endsWith('-boundary')) {
        const host = after?.host ?? after;
        if (!host || !ACTIVITY.test(host.type) || host.businessObject.triggeredByEvent) return null;
        const at = { x: host.x + host.width - 26 - 44 * get('elementRegistry').getAll().filter((one) => one.host === host).length, y: host.y + host.height };
        const shape = get('modeling').createShape(made(kind, name), at, host, { attach: true });
        select(shape.id);
        return shape.businessObject.id;
      }
      // The rules judge only what is on the canvas already; what can follow what is plain enough.
      if (after && !after.waypoints && after.parent && isLedTo(kind) && leadsOn(after)) {
        const placed = placedAfter(after, kind, name);
        select(placed.id);
        return placed.businessObject.id;
      }
      const into = after && /SubProcess$/.test(after.type) ? after : get('canvas').getRootElement();
      const whole = madeWhole(kind, name);
      const at = (kind === 'event-sub-process' && whole[0] && below(into, whole[0])) || free(into, whole[0]);
      const [placed] = get('modeling').createElements(whole, { x: Math.round(at.x), y: Math.round(at.y) }, into);
      if (!placed) return null;
      select(placed.id);
      return placed.businessObject.id;
    },
    drag(kind, name, event) {
      get('create').start(event, madeWhole(kind, name));
    },
    connect(source, target) {
      const [from, to] = [find(source), find(target)];
      if (!from || !to || get('rules').allowed('connection.create', { source: from, target: to }) === false) return false;
      get('modeling').connect(from, to);
      return true;
    },
    rename(id, name) {
      const found = find(id);
      if (found) get('modeling').updateLabel(found, name);
    },
    remove(id) {
      const found = find(id);
      if (found) get('modeling').removeElements([found]);
    },
    select,
    edit(id) {
      const found = find(id);
      if (found) get('directEditing').activate(found);
    },
    mark(next) {
      unmark();
      marks = next;
      if (shown.size > 0) unmark = draw(modeler, marks);
    },
    fit: () => fit(modeler),
    focus: () => get('canvas').focus(),
    destroy: () => modeler.destroy(),
  };
}
