import type { KeyValue } from "@versori/run";
import { idempotencyKey } from "./idempotency.ts";
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

/** A record as it came in, and when it was changed, where its system says so. */
export interface Version {
  changed?: Time | null | undefined;
  content: unknown;
}

interface Mark<T> {
  result: T;
  changed?: Time;
  digest?: string;
}

/**
 * Does the work of a key once, and remembers its result.
 *
 * With a version it is done again for a record that changed; not for the same again, nor for
 * one that is older than what was done, so that events may come twice or in another order.
 *
 * The mark follows the work: a crash between the two repeats the work, which must therefore
 * carry an idempotency key or look for what it left.
 */
export async function once<T>(
  kv: Pick<KeyValue, "get" | "set">,
  key: string[],
  work: () => Promise<T>,
  version?: Version,
): Promise<{ result: T; repeated: boolean }> {
  return await inTurn(key.join("/"), async () => {
    const mark = await kv.get<Mark<T>>(key);
    const changed = version?.changed ?? undefined;
    const digest = version && await idempotencyKey(JSON.stringify(version.content));
    if (mark && (digest === mark.digest || isBefore(changed, mark.changed))) {
      return { result: mark.result, repeated: true };
    }
    const result = await work();
    const at = new Date().toISOString();
    await kv.set(key, {
      result,
      at,
      ...(changed === undefined ? {} : { changed }),
      ...(digest === undefined ? {} : { digest }),
    });
    return { result, repeated: false };
  });
}
