import type { KeyValue } from "@versori/run";
import { isBefore, type Time } from "./times.ts";

const turns = new Map<string, Promise<unknown>>();

/** Runs pieces of work on the same key one after another, within this process. */
export async function inTurn<T>(
  key: string,
  work: () => Promise<T>,
): Promise<T> {
  const before = turns.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(key, mine);
  try {
    return await mine;
  } finally {
    if (turns.get(key) === mine) turns.delete(key);
  }
}

/**
 * Does the work of a key once, and remembers its result.
 *
 * With a version (the time of the source's last change) it is done for each that is not older
 * than the one done before, so that events may come twice or in another order.
 *
 * The mark follows the work: a crash between the two repeats the work, which must therefore
 * carry an idempotency key or look for what it left.
 */
export async function once<T>(
  kv: Pick<KeyValue, "get" | "set">,
  key: string[],
  work: () => Promise<T>,
  version?: Time | null,
): Promise<{ result: T; repeated: boolean }> {
  return await inTurn(key.join("/"), async () => {
    const mark = await kv.get<{ result: T; version?: Time }>(key);
    const isDone = version === undefined || isBefore(version, mark?.version);
    if (mark && isDone) return { result: mark.result, repeated: true };
    const result = await work();
    const at = new Date().toISOString();
    await kv.set(key, { result, at, ...(version === undefined ? {} : { version }) });
    return { result, repeated: false };
  });
}
