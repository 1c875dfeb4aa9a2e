/**
 * Key-value storage that outlives an execution.
 *
 * @module
 */

import type { Call } from "./host.ts";
import type { KeyValueEntry } from "./protocol.ts";
import { toJson } from "./values.ts";

/**
 * Who shares a store: one execution, one activation (`:project:`), the whole project
 * (`:workspace:`), the organisation, or all activations of one user.
 */
export type KvScope =
  | ":execution:"
  | ":project:"
  | ":workspace:"
  | ":organization:"
  | ":user:";

export const KV_SCOPES: readonly KvScope[] = [
  ":execution:",
  ":project:",
  ":workspace:",
  ":organization:",
  ":user:",
];

export interface GetOptions<T> {
  /** What to give where the key is missing. */
  defaultValue?: T;
  /** Throw KVNotFoundError where the key is missing. */
  throwOnNotFound?: boolean;
}

export interface SetOptions {
  /** Milliseconds until the entry is gone. */
  expireIn?: number;
}

export interface ListKVRequest {
  options?: { limit?: number; reverse?: boolean };
  /** `after` is the `nextCursor` of the page before. */
  selector?: { after?: string };
}

export interface ListKVResponse {
  data: KeyValueEntry[];
  /** An empty cursor: there are no more entries. */
  pagination: { nextCursor: string; prevCursor: string };
}

export interface CountKVResponse {
  count: number;
}

export interface KeyValue {
  get<T>(key: string | string[], options?: GetOptions<T>): Promise<T | undefined>;
  set<T>(key: string | string[], value: T, options?: SetOptions): Promise<void>;
  delete(key: string | string[]): Promise<void>;
  list(prefix: string[], options?: ListKVRequest): Promise<ListKVResponse>;
  count(prefix: string[]): Promise<CountKVResponse>;
}

export class KVNotFoundError extends Error {
  override name = "KVNotFoundError";
}

const PAGE_SIZE = 100;

export function openKeyValue(call: Call, scope: KvScope): KeyValue {
  if (!KV_SCOPES.includes(scope)) {
    throw new TypeError(`No KV scope "${scope}". Use one of ${KV_SCOPES.join(" ")}.`);
  }
  return {
    async get<T>(key: string | string[], options: GetOptions<T> = {}) {
      const { found, value } = await call("kv.get", { scope, key: path(key) });
      if (found) return value as T;
      if (options.throwOnNotFound) {
        throw new KVNotFoundError(`No value at ${JSON.stringify(key)} in ${scope}`);
      }
      return options.defaultValue;
    },
    async set(key, value, options = {}) {
      await call("kv.set", {
        scope,
        key: path(key),
        value: toJson(value),
        ...(options.expireIn === undefined ? {} : { expire_in_ms: options.expireIn }),
      });
    },
    async delete(key) {
      await call("kv.delete", { scope, key: path(key) });
    },
    async list(prefix, { options = {}, selector = {} } = {}) {
      const { entries, next_cursor } = await call("kv.list", {
        scope,
        prefix,
        limit: options.limit ?? PAGE_SIZE,
        reverse: options.reverse ?? false,
        ...(selector.after ? { after: selector.after } : {}),
      });
      return { data: entries, pagination: { nextCursor: next_cursor, prevCursor: "" } };
    },
    count: (prefix) => call("kv.count", { scope, prefix }),
  };
}

function path(key: string | string[]): string[] {
  const segments = typeof key === "string" ? [key] : key;
  if (segments.length === 0 || segments.some((segment) => typeof segment !== "string")) {
    throw new TypeError("A key is a string, or a list of at least one string.");
  }
  return segments;
}
