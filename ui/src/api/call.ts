import type { Commands } from './bindings/commands';
import type { Host } from './host';
import { httpHost } from './host/http';

export type Command = keyof Commands;
/** Rooms of the house: the part of a command's name before the dot. */
export type Room = Command extends `${infer R}.${string}` ? R : never;
/** What a command asks for. A list's `page` may be left out: the first page of usual length. */
export type Request<C extends Command> = Commands[C]['request'] extends { page: infer P }
  ? Omit<Commands[C]['request'], 'page'> & { page?: Partial<P> }
  : Commands[C]['request'];
export type Answer<C extends Command> = Commands[C]['answer'];

let chosen: Promise<Host> | null = null;

/** The program behind this page: Tauri's shell where there is one, `countersign serve` otherwise. */
export function host(): Promise<Host> {
  chosen ??=
    '__TAURI_INTERNALS__' in window ? import('./host/tauri').then((m) => m.tauriHost()) : Promise.resolve(httpHost());
  return chosen;
}

/** Puts another host in its place: tests bring their own. */
export function replaceHost(other: Host): void {
  chosen = Promise.resolve(other);
}

/** Runs one command; throws a `CallFailure`. */
export async function call<C extends Command>(command: C, request: Request<C>): Promise<Answer<C>> {
  return (await (await host()).call(command, request)) as Answer<C>;
}
