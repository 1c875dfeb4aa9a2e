import type { Context, KeyValue, Logger } from "@versori/run";
import { needsPerson, reportFailure, reportSkip } from "./failures.ts";
import type { Page, Position } from "./pages.ts";
import { SkippedRecord } from "./references.ts";
import { ApiError } from "./requests.ts";
import { newest, type Time } from "./times.ts";

/** How many records one run takes at most; the next one goes on where it ended. */
export const LARGEST_BATCH = 1000;

/** Between the runs of a durable workflow, so that others have their turn. */
const PAUSE = "1s";

/** A durable workflow that was started. */
type Instance = NonNullable<Context<unknown>["workflow"]>;

/** How far the source is read. */
export interface Progress {
  /** Everything up to this time was read. */
  since?: Time;
  /** The page to go on with, where a run ended in the middle. */
  position?: Position;
  /** The latest time that was seen on the pages before that. */
  latest?: Time;
  /** The time since which a person asked for all records, until they are read. */
  asked?: Time;
  /** What of a source of rows was new when it was read last. */
  news?: string;
  /** How many were written since the first page. */
  written?: number;
}

interface Item {
  id: string;
}

/** What goes from one task to the next. */
export interface Batch<T extends Item> {
  items: T[];
  /** Those that could not be written. */
  failures: { item: T; reason: string }[];
  /** The ids of those that a run before could not write. */
  retried?: string[];
  progress?: Progress;
}

/**
 * Where to begin: where the last run ended, or at the time since which a person asks for all
 * records (`{"since": …}`); asked for in several runs, they are read from there only once.
 */
export async function startOf(
  kv: Pick<KeyValue, "get">,
  workflow: string,
  data: unknown,
): Promise<Progress> {
  const kept = await kv.get<Progress>([workflow, "progress"]) ?? {};
  const since = (data as Progress | null | undefined)?.since;
  const goesOn = kept.position !== undefined && kept.asked === since;
  return since === undefined || goesOn ? kept : { since, asked: since };
}

/**
 * Whether a durable workflow still reads the rest of what a run before found.
 *
 * A person who asks for all records since a time does not wait for that.
 */
export async function restIsRead(
  context: Context<unknown>,
  kv: KeyValue,
  workflow: string,
): Promise<boolean> {
  const key = [workflow, "rest"];
  const asked = (context.data as Progress | null | undefined)?.since;
  if (context.workflow || asked !== undefined) return false;
  const rest = await kv.get<Instance>(key);
  if (!rest) return false;
  const { status } = await context.workflowClient().getWorkflow(rest);
  const isRead = status === "available" || status === "locked";
  if (isRead) context.log.info("What there was more of is still being read");
  else await kv.delete(key);
  return isRead;
}

/** Reads pages up to the size of a batch, and says where to go on. */
export async function readBatch<T>(
  pages: AsyncIterable<Page<T>>,
  before: Progress,
  timeOf: (record: T) => Time | null | undefined = () => undefined,
): Promise<{ found: T[]; progress: Progress }> {
  const found: T[] = [];
  let next: Position | undefined;
  for await (const page of pages) {
    found.push(...page.records);
    next = page.next;
    if (found.length >= LARGEST_BATCH) break;
  }
  const latest = newest([before.since, before.latest, ...found.map(timeOf)]);
  const seen = latest === undefined ? {} : { latest };
  if (next !== undefined) {
    return { found, progress: { ...before, ...seen, position: next } };
  }
  return { found, progress: latest === undefined ? {} : { since: latest } };
}

/** The items, after those that runs before could not write and that have not come again. */
export async function withKept<T extends Item>(
  kv: KeyValue,
  workflow: string,
  items: T[],
): Promise<{ items: T[]; retried: string[] }> {
  const kept: T[] = [];
  let after = "";
  do {
    const selector = after === "" ? {} : { after };
    const page = await kv.list([workflow, "failed"], { selector });
    for (const { value } of page.data) {
      kept.push((value as unknown as { item: T }).item);
    }
    after = page.pagination.nextCursor;
  } while (after !== "" && kept.length < LARGEST_BATCH);
  const again = new Set(items.map(({ id }) => id));
  return {
    items: [...kept.filter(({ id }) => !again.has(id)), ...items],
    retried: kept.map(({ id }) => id),
  };
}

/**
 * Takes each item one step further; one that fails leaves the others alone.
 *
 * Where a system itself is at fault, the run ends: it comes back to all of them.
 */
export async function forEach<T extends Item>(
  context: Context<Batch<T>>,
  workflow: string,
  step: (log: Logger, item: T) => Promise<T>,
): Promise<Batch<T>> {
  const items: T[] = [];
  const failures = [...context.data.failures];
  for (const item of context.data.items) {
    const log = context.log.child({ record: item.id });
    try {
      items.push(await step(log, item));
    } catch (error) {
      if (error instanceof SkippedRecord) {
        await reportSkip(context, log, error, { workflow, id: item.id });
        continue;
      }
      await reportFailure(context, log, error, { workflow, id: item.id });
      if (error instanceof ApiError && needsPerson(error)) throw error;
      failures.push({ item, reason: String(error) });
    }
  }
  return { ...context.data, items, failures };
}

/**
 * Ends a run: keeps what failed for the next one, and how far the source is read.
 *
 * Where there is more to read, a durable workflow runs again; a schedule starts one, the `rest`.
 */
export async function finish<T extends Item>(
  context: Context<Batch<T>>,
  workflow: string,
  scope: ":project:" | ":workspace:",
  rest?: string,
): Promise<{ written: number }> {
  const { items, failures, retried = [], progress } = context.data;
  const kv = context.openKv(scope);
  const before = await kv.get<Progress>([workflow, "progress"]);
  const written = items.length + (before?.written ?? 0);
  const isMore = progress?.position !== undefined;
  if (progress) {
    for (const id of retried) await kv.delete([workflow, "failed", id]);
    for (const failure of failures) {
      await kv.set([workflow, "failed", failure.item.id], failure);
    }
    await kv.set(
      [workflow, "progress"],
      isMore ? { ...progress, written } : progress,
    );
  }
  if (isMore) {
    context.log.info("The next run goes on where this one ended", { written });
    const client = context.workflowClient();
    if (context.workflow) {
      await client.rescheduleWorkflow(context.workflow, PAUSE);
      return { written };
    }
    if (rest) {
      const started = await client.startWorkflow(rest, { data: {} });
      await kv.set([workflow, "rest"], started);
    }
  }
  if (failures.length > 0) {
    const reasons = failures.map(({ item, reason }) => `${item.id}: ${reason}`);
    throw new Error(
      `${failures.length} could not be written: ${reasons.join("; ")}`,
    );
  }
  return { written };
}
