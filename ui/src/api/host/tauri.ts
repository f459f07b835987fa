import { invoke } from '@tauri-apps/api/core';
import { listen, type EventCallback } from '@tauri-apps/api/event';

import { CallFailure } from '../failure';
import type { Changed, Host } from '../host';

/** The window's own host: one Tauri command, one event. */
export function tauriHost(): Host {
  return {
    async call(command, request) {
      try {
        return await invoke('call', { command, request });
      } catch (thrown) {
        throw CallFailure.from(thrown);
      }
    },
    onChanged: (listener) => on<Changed>('changed', (event) => listener(event.payload)),
    onOpen: (listener) => on<string>('open', (event) => listener(event.payload)),
    async choose(what, title, extensions = []) {
      const answer = await invoke<{ path: string | null }>('call', { command: `window.choose_${what}`, request: { title, extensions } });
      return answer.path;
    },
    // An address that no browser takes is the desktop's to report.
    openOutside: (url) => void invoke('call', { command: 'window.open_outside', request: { url } }).catch(() => undefined),
    onDrop: (listener) => {
      const stops = [
        on('tauri://drag-enter', () => listener({ kind: 'over' })),
        on('tauri://drag-leave', () => listener({ kind: 'away' })),
        on<{ paths: string[] }>('tauri://drag-drop', (event) => listener({ kind: 'dropped', paths: event.payload.paths })),
      ];
      return () => stops.forEach((stop) => stop());
    },
  };
}

/** `listen` answers later; a listener that left before that must still be taken off. */
function on<T>(event: string, listener: EventCallback<T>): () => void {
  const listening = listen<T>(event, listener);
  return () => void listening.then((stop) => stop());
}
