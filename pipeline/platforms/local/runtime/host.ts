/**
 * What an execution needs of the world around it: the runner, or memory.
 *
 * @module
 */

import type { Calls, LogMessage } from "./protocol.ts";

export type Method = keyof Calls;
export type Params<M extends Method> = Calls[M]["params"];
export type Returns<M extends Method> = Calls[M]["result"];

export interface Host {
  /** Asks for something on behalf of an execution. Rejects with what went wrong. */
  call<M extends Method>(execution: string, method: M, params: Params<M>): Promise<Returns<M>>;
  log(message: LogMessage): void;
}

/** A host, bound to one execution. */
export type Call = <M extends Method>(method: M, params: Params<M>) => Promise<Returns<M>>;
