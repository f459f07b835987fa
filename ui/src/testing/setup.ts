import { notifications } from '@mantine/notifications';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// What takes a moment on an idle machine may take seconds on a busy one; a page that never comes still fails.
configure({ asyncUtilTimeout: 8_000 });

afterEach(() => {
  cleanup();
  notifications.clean();
});

// What jsdom lacks and the window's parts ask for.
window.matchMedia ??= (query) => ({
  matches: false,
  media: query,
  onchange: null,
  addListener: () => {},
  removeListener: () => {},
  addEventListener: () => {},
  removeEventListener: () => {},
  dispatchEvent: () => false,
});
class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.ResizeObserver ??= Observer;
window.IntersectionObserver ??= Observer as unknown as typeof IntersectionObserver;
Element.prototype.scrollIntoView ??= () => {};
Element.prototype.scrollTo ??= () => {};
window.scrollTo = () => {};
Object.defineProperty(document, 'fonts', { value: new EventTarget() });

// jsdom measures no SVG, and bpmn-js measures much: the diagram is tried in a real browser, by the twin.
vi.mock('../parts/diagram/canvas', () => ({ default: () => null }));

// jsdom lays nothing out: without a height, a list that draws only what is seen would draw nothing.
Object.defineProperties(HTMLElement.prototype, {
  offsetHeight: { get: () => 600 },
  offsetWidth: { get: () => 1000 },
  clientHeight: { get: () => 600 },
  clientWidth: { get: () => 1000 },
});
