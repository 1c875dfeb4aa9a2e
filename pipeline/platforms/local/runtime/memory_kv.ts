/**
 * Key-value stores in memory, one a scope; `:execution:` is one an execution.
 *
 * @module
 */

import type { Params, Returns } from "./host.ts";
import type { Json } from "./protocol.ts";

interface Entry {
  key: string[];
  value: Json;
  expiresAt: number;
}

export class MemoryKeyValue {
  private readonly stores = new Map<string, Map<string, Entry>>();

  get(execution: string, { scope, key }: Params<"kv.get">): Returns<"kv.get"> {
    const entry = this.entries(execution, scope, key).find((each) =>
      each.key.length === key.length
    );
    return entry ? { found: true, value: structuredClone(entry.value) } : { found: false };
  }

  set(execution: string, { scope, key, value, expire_in_ms }: Params<"kv.set">): null {
    const expiresAt = expire_in_ms === undefined ? Infinity : Date.now() + expire_in_ms;
    this.store(execution, scope).set(JSON.stringify(key), { key, value, expiresAt });
    return null;
  }

  delete(execution: string, { scope, key }: Params<"kv.delete">): null {
    this.store(execution, scope).delete(JSON.stringify(key));
    return null;
  }

  list(execution: string, params: Params<"kv.list">): Returns<"kv.list"> {
    const { scope, prefix, limit, reverse, after } = params;
    const entries = this.entries(execution, scope, prefix);
    if (reverse) entries.reverse();
    const first = after === undefined ? 0 : Number(after);
    const end = first + limit;
    return {
      entries: entries.slice(first, end).map(({ key, value }) => ({ key, value })),
      next_cursor: end < entries.length ? String(end) : "",
    };
  }

  count(execution: string, { scope, prefix }: Params<"kv.count">): Returns<"kv.count"> {
    return { count: this.entries(execution, scope, prefix).length };
  }

  destroy(execution: string, { scope }: Params<"kv.destroy">): null {
    this.store(execution, scope).clear();
    return null;
  }

  /** What stands under the prefix and has not expired, in the order of its keys. */
  private entries(execution: string, scope: string, prefix: string[]): Entry[] {
    return [...this.store(execution, scope).values()]
      .filter(({ key, expiresAt }) =>
        expiresAt > Date.now() && prefix.every((segment, index) => key[index] === segment)
      )
      .sort((one, other) => one.key.join("\0") < other.key.join("\0") ? -1 : 1);
  }

  private store(execution: string, scope: string): Map<string, Entry> {
    const name = scope === ":execution:" ? `${scope}${execution}` : scope;
    const store = this.stores.get(name) ?? new Map<string, Entry>();
    this.stores.set(name, store);
    return store;
  }
}
