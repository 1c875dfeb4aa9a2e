import type { KeyValue } from "@versori/run";

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
 * The mark follows the work: a crash between the two repeats the work, which must therefore
 * carry an idempotency key or look for what it left.
 */
export async function once<T>(
  kv: Pick<KeyValue, "get" | "set">,
  key: string[],
  work: () => Promise<T>,
): Promise<{ result: T; repeated: boolean }> {
  return await inTurn(key.join("/"), async () => {
    const mark = await kv.get<{ result: T }>(key);
    if (mark) return { result: mark.result, repeated: true };
    const result = await work();
    await kv.set(key, { result, at: new Date().toISOString() });
    return { result, repeated: false };
  });
}

/** The same 32 characters for the same parts, whatever these hold. */
export async function idempotencyKey(
  ...parts: (string | number)[]
): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest).slice(0, 16))
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
