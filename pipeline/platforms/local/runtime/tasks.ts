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
  /** The same task, but the chain goes on at once, as if it had given undefined. */
  background(): Task<In, undefined>;
}

export interface HttpOptions {
  /** The name of the system whose connection signs the requests. */
  connection: string;
}

/** A task on plain data. */
export function fn<In, Out>(id: string, callback: ContextFunc<In, Out>): Task<In, Out> {
  return task(
    id,
    async (execution, data, error) => await callback(execution.context(data, error)),
  );
}

/** A task that sends requests over a system's connection. */
export function http<In, Out, PageParams = unknown>(
  id: string,
  options: HttpOptions,
  callback: HttpContextFunc<In, Out, PageParams>,
): Task<In, Out> {
  const { connection } = options;
  return task(
    id,
    async (execution, data, error) =>
      await callback(execution.httpContext<In, PageParams>(data, connection, error)),
  );
}

function task<In, Out>(id: string, run: Task<In, Out>["run"]): Task<In, Out> {
  return {
    id,
    run,
    background: () =>
      task(id, (execution, data, error) => {
        execution.keepGoing(id, run(execution, data, error));
        return Promise.resolve(undefined);
      }),
  };
}
