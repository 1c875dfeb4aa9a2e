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
  const { data } = await kv.list([workflow, "failed"]);
  const kept = data.map(({ value }) => (value as unknown as { item: T }).item);
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
 * Where there is more to read, a durable workflow runs again at once; a schedule comes by itself.
 */
export async function finish<T extends Item>(
  context: Context<Batch<T>>,
  workflow: string,
  scope: ":project:" | ":workspace:",
): Promise<{ written: number }> {
  const { items, failures, retried = [], progress } = context.data;
  const kv = context.openKv(scope);
  if (progress) {
    for (const id of retried) await kv.delete([workflow, "failed", id]);
    for (const failure of failures) {
      await kv.set([workflow, "failed", failure.item.id], failure);
    }
    await kv.set([workflow, "progress"], progress);
  }
  if (progress?.position !== undefined) {
    context.log.info("The next run goes on where this one ended");
    if (context.workflow) {
      const client = context.workflowClient();
      await client.rescheduleWorkflow(context.workflow, PAUSE);
      return { written: items.length };
    }
  }
  if (failures.length > 0) {
    const reasons = failures.map(({ item, reason }) => `${item.id}: ${reason}`);
    throw new Error(
      `${failures.length} could not be written: ${reasons.join("; ")}`,
    );
  }
  return { written: items.length };
}
