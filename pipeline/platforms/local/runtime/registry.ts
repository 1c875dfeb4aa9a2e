/**
 * The workflows of a project, and how one of them is run.
 *
 * @module
 */

import { Execution } from "./execution.ts";
import { fromResponse } from "./fetch.ts";
import type { Host } from "./host.ts";
import type { Invoke, ResponseMessage, Result, WorkflowDeclaration } from "./protocol.ts";
import { asError, errorMessage, toJson } from "./values.ts";
import type { Workflow } from "./workflow.ts";

export class Registry {
  private readonly workflows = new Map<string, Workflow<unknown>>();

  register(workflow: Workflow<unknown>): void {
    if (this.workflows.has(workflow.id)) {
      throw new Error(`Two workflows are called "${workflow.id}": give each its own id.`);
    }
    this.workflows.set(workflow.id, workflow);
  }

  declarations(): WorkflowDeclaration[] {
    return [...this.workflows.values()].map((workflow) => workflow.declaration());
  }

  /** Runs a workflow. Never rejects: a failure is a result too. */
  async run(invoke: Invoke, host: Host): Promise<Result> {
    const workflow = this.workflows.get(invoke.workflow);
    if (!workflow) {
      return failure(invoke, new Error(`There is no workflow "${invoke.workflow}".`));
    }
    const { trigger } = workflow;
    const execution = new Execution(invoke, host, trigger);
    try {
      if (!trigger.admits(execution.activation)) return success(invoke, null);
      const data = await workflow.run(execution, trigger.rawBody ? undefined : invoke.data);
      const response = await trigger.response?.onSuccess?.(execution.context(data));
      return success(invoke, data, response && await fromResponse(response));
    } catch (thrown) {
      return await this.failed(workflow, execution, invoke, asError(thrown));
    }
  }

  private async failed(
    { trigger }: Workflow<unknown>,
    execution: Execution,
    invoke: Invoke,
    error: Error,
  ): Promise<Result> {
    execution.log.error("Workflow failed", { workflow: trigger.id, error });
    try {
      const response = await trigger.response?.onError?.(execution.context(error, error));
      return failure(invoke, error, response && await fromResponse(response));
    } catch (thrown) {
      return failure(invoke, asError(thrown));
    }
  }
}

function success({ id }: Invoke, data: unknown, response?: ResponseMessage): Result {
  return { type: "result", id, ok: true, data: toJson(data), ...(response ? { response } : {}) };
}

function failure({ id }: Invoke, error: Error, response?: ResponseMessage): Result {
  return {
    type: "result",
    id,
    ok: false,
    error: errorMessage(error),
    ...(response ? { response } : {}),
  };
}
