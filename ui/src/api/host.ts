/** What changed in the workspace: its new head, and the rooms whose lists are now old. */
export interface Changed {
  position: number;
  rooms: string[];
}

/** The program behind the window. There are two: the Tauri shell, and `countersign serve` for a browser. */
export interface Host {
  /** Runs one command; throws a `CallFailure`. */
  call(command: string, request: unknown): Promise<unknown>;
  /** Tells of every change, whoever made it; returns how to stop listening. */
  onChanged(listener: (changed: Changed) => void): () => void;
  /** Tells of deep links to open (`countersign://…`); returns how to stop listening. */
  onOpen(listener: (link: string) => void): () => void;
  /** Lets the person choose a file or folder with the desktop's own dialog; absent where there is none. */
  choose?: (what: 'file' | 'folder', title: string, extensions?: readonly string[]) => Promise<string | null>;
  /** Opens an address of the outside world in the person's browser. */
  openOutside(url: string): void;
  /** Tells of files dropped on the window, as paths on this machine; returns how to stop listening. */
  onDrop(listener: (drop: Drop) => void): () => void;
}

/** Files over the window, or let go on it. */
export type Drop = { kind: 'over' } | { kind: 'away' } | { kind: 'dropped'; paths: string[] };
