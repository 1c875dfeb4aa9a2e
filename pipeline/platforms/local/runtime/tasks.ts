/**
 * Tasks: the units of work in a workflow.
 *
 * @module
 */

import type { ContextFunc, HttpContextFunc } from "./context.ts";
import type { Execution } from "./execution.ts";

export interface Task<In, Out> {
  readonly id: string;
  /** `error` is there in `.catch()`: what was thrown. */
  readonly run: (execution: Execution, data: In, error?: Error) => Promise<Out>;
}

export interface HttpOptions {
  /** The name of the system whose connection signs the requests. */
  connection: string;
}

/** A task on plain data. */
export function fn<In, Out>(id: string, callback: ContextFunc<In, Out>): Task<In, Out> {
  return {
    id,
    run: async (execution, data, error) => await callback(execution.context(data, error)),
  };
}

/** A task that sends requests over a system's connection. */
export function http<In, Out, PageParams = unknown>(
  id: string,
  options: HttpOptions,
  callback: HttpContextFunc<In, Out, PageParams>,
): Task<In, Out> {
  const { connection } = options;
  return {
    id,
    run: async (execution, data, error) =>
      await callback(execution.httpContext<In, PageParams>(data, connection, error)),
  };
}
