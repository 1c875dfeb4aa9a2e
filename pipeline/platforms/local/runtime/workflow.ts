/**
 * A workflow: a trigger, and a chain of tasks that reads like a promise.
 *
 * @module
 */

import type { ContextFunc } from "./context.ts";
import type { Execution } from "./execution.ts";
import type { WorkflowDeclaration } from "./protocol.ts";
import { fn, type Task } from "./tasks.ts";
import type { Trigger } from "./triggers.ts";
import { asError } from "./values.ts";

/** A link of the chain. What it takes was checked where it was chained. */
type Link =
  | { on: "data"; task: Task<never, unknown> }
  | { on: "error"; task: Task<Error, unknown> };

type Outcome = { ok: true; data: unknown } | { ok: false; error: Error };

export class Workflow<Data> {
  constructor(readonly trigger: Trigger, private readonly links: readonly Link[] = []) {}

  get id(): string {
    return this.trigger.id;
  }

  declaration(): WorkflowDeclaration {
    return this.trigger.declaration();
  }

  /** Runs the task on what the task before gave. */
  then<Out>(step: Task<Data, Out> | ContextFunc<Data, Out>): Workflow<Out> {
    const task = typeof step === "function" ? fn(`${this.id}-${this.links.length}`, step) : step;
    return new Workflow(this.trigger, [...this.links, { on: "data", task }]);
  }

  /** Runs the task where one before it threw; its data is the error. The chain then goes on. */
  catch<Out>(handler: Task<Error, Out> | ContextFunc<Error, Out>): Workflow<Data | Out> {
    const task = typeof handler === "function" ? fn(`${this.id}-catch`, handler) : handler;
    return new Workflow(this.trigger, [...this.links, { on: "error", task }]);
  }

  /** The last task's output. Throws what no `.catch()` caught. */
  async run(execution: Execution, data: unknown): Promise<unknown> {
    let outcome: Outcome = { ok: true, data };
    for (const link of this.links) outcome = await this.follow(link, outcome, execution);
    await execution.backgroundEnded();
    if (!outcome.ok) throw outcome.error;
    return outcome.data;
  }

  private async follow(link: Link, before: Outcome, execution: Execution): Promise<Outcome> {
    try {
      if (link.on === "data") {
        if (!before.ok) return before;
        return {
          ok: true,
          data: serialisable(link.task.id, await link.task.run(execution, before.data as never)),
        };
      }
      if (before.ok) return before;
      await this.report(before.error, execution);
      const output = await link.task.run(execution, before.error, before.error);
      return { ok: true, data: serialisable(link.task.id, output) };
    } catch (thrown) {
      return { ok: false, error: asError(thrown) };
    }
  }

  /** An error that reaches a `.catch()` is an issue; that telling it fails must not hide it. */
  private async report(error: Error, execution: Execution): Promise<void> {
    try {
      await execution.createIssue({
        severity: "medium",
        title: `Workflow ${this.id} failed`,
        message: error.message,
        annotations: { workflow: this.id, error: error.name },
      });
    } catch (thrown) {
      execution.log.warn("Could not create an issue", { error: asError(thrown) });
    }
  }
}

/** Outputs travel as JSON between machines, so what can't must fail here too. */
function serialisable(taskId: string, output: unknown): unknown {
  try {
    JSON.stringify(output);
  } catch (thrown) {
    throw new TypeError(
      `Task "${taskId}" returned what JSON can't carry: ${asError(thrown).message}`,
    );
  }
  return output;
}
