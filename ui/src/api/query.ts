import {
  infiniteQueryOptions,
  keepPreviousData,
  QueryClient,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

import { call, host, type Answer, type Command, type Request } from './call';
import { CallFailure } from './failure';
import type { Changed } from './host';

/** Rows fetched at a time; SQLite answers this many in a few milliseconds. */
const ROWS = 200;

/**
 * Rooms whose pages show something of another room: a change there makes these old too.
 * A project page, for one, counts the instances that run in it.
 */
const SHOWS: Record<string, readonly string[]> = {
  registry: ['workflow', 'runs'],
  workflow: ['registry', 'runs', 'people'],
  runs: ['workflow'],
  monitoring: ['workflow'],
  workspace: ['people', 'workflow', 'registry', 'runs', 'ledger', 'notices', 'settings'],
};

/** The query cache: server state lives here and nowhere else. */
export function queryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The host is on this machine: being "offline" says nothing about reaching it.
      queries: { networkMode: 'always', retry: false, staleTime: 30_000, refetchOnWindowFocus: false },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** The query of one reading command. Its key begins with the room, by which changes find it. */
export function reading<C extends Command>(command: C, request: Request<C>) {
  return queryOptions<Answer<C>, CallFailure>({
    queryKey: [roomOf(command), command, request],
    queryFn: () => call(command, request),
  });
}

/** Reads with one command and keeps the answer fresh. */
export function useRead<C extends Command>(
  command: C,
  request: Request<C>,
  options: { enabled?: boolean; refetchInterval?: number | false; keep?: boolean } = {},
) {
  const { keep, ...rest } = options;
  return useQuery({ ...reading(command, request), ...rest, ...(keep ? { placeholderData: keepPreviousData } : {}) });
}

type Listing = { [C in Command]: Answer<C> extends { rows: unknown[]; next: string | null; total: number } ? C : never }[Command];
type RowOf<C extends Listing> = Answer<C> extends { rows: (infer R)[] } ? R : never;

interface AnyPage {
  rows: unknown[];
  total: number;
  next: string | null;
}

/** A long list, page after page by key; `more` fetches the next one. */
export function useRows<C extends Listing>(command: C, request: Request<C>, options: { enabled?: boolean; limit?: number } = {}) {
  const { limit = ROWS, enabled = true } = options;
  const { page, ...filter } = request as { page?: object };
  const query = useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: [roomOf(command), command, { ...filter, page, limit }],
      queryFn: async ({ pageParam }) =>
        (await call(command, {
          ...filter,
          page: { ...page, limit, ...(pageParam ? { after: pageParam } : {}) },
        } as Request<C>)) as AnyPage,
      initialPageParam: null as string | null,
      getNextPageParam: (last: AnyPage) => last.next,
      enabled,
      placeholderData: keepPreviousData,
    }),
  );
  const rows = useMemo(() => (query.data?.pages.flatMap((one) => one.rows) ?? []) as RowOf<C>[], [query.data]);
  return {
    rows,
    total: query.data?.pages[0]?.total ?? 0,
    loading: query.isPending && enabled,
    /** Rows shown are those of the filter before. */
    stale: query.isPlaceholderData,
    error: query.error as CallFailure | null,
    again: () => void query.refetch(),
    more: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
  };
}

/** Writes with one command. What it changed is fetched anew when the host says so, and at once in its own room. */
export function useWrite<C extends Command>(command: C): UseMutationResult<Answer<C>, CallFailure, Request<C>> {
  const client = useQueryClient();
  return useMutation<Answer<C>, CallFailure, Request<C>>({
    mutationKey: [command],
    mutationFn: (request) => call(command, request),
    // Not waited for: what the caller does next (often: leave the page) need not wait for a page it leaves.
    onSuccess: () => void refresh(client, [roomOf(command)]),
  });
}

/** Hears of every change for as long as the caller lives. */
export function useChanges(listener: (changed: Changed) => unknown): void {
  useEffect(() => {
    let stop: (() => void) | null = null;
    let gone = false;
    void host().then((one) => {
      if (!gone) stop = one.onChanged(listener);
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, [listener]);
}

/** Marks what these rooms show as old; what is on screen is fetched anew. */
export function refresh(client: QueryClient, rooms: readonly string[]): Promise<void> {
  const old = new Set<string>(['ledger', 'workspace', 'search', ...rooms, ...rooms.flatMap((room) => SHOWS[room] ?? [])]);
  return client.invalidateQueries({ predicate: (query) => old.has(String(query.queryKey[0])) });
}

function roomOf(command: Command): string {
  return command.split('.', 1)[0] ?? command;
}
