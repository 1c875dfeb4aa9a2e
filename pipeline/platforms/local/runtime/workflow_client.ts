/**
 * Starting durable workflows and following them.
 *
 * @module
 */

import { milliseconds } from "./durations.ts";
import type { Call } from "./host.ts";
import type { WorkflowMessage } from "./protocol.ts";
import { fromBase64, toBase64, toJson } from "./values.ts";

/** An instance of a durable workflow. */
export type WorkflowInstance = WorkflowMessage;

export interface StartOptions {
  data?: unknown;
  /** Base64; instead of `data`. */
  dataRaw?: string;
  maxAttempts?: number;
}

/** A durable workflow started from the current execution. */
export interface AsyncWorkflow {
  readonly id: string;
  readonly isCompleted: boolean;
  readonly isWaiting: boolean;
  /** Waits for the end, at most `maxWait` milliseconds. */
  wait(maxWait?: number): Promise<void>;
  getData(): Promise<unknown>;
  /** The output as base64. */
  getDataRaw(): Promise<string>;
}

export interface WorkflowInterface {
  startWorkflow(group: string, options?: StartOptions): Promise<WorkflowInstance>;
  getWorkflow(workflow: WorkflowInstance): Promise<WorkflowInstance>;
  getWorkflowById(id: string): Promise<WorkflowInstance>;
  waitForCompletion(workflow: WorkflowInstance): Promise<WorkflowInstance>;
  /** Runs the workflow again after a delay such as `5s`. */
  rescheduleWorkflow(workflow: WorkflowInstance, delay: string): Promise<void>;
  completeWorkflow(
    workflow: WorkflowInstance,
    status: "completed" | "failed",
    result: unknown,
  ): Promise<void>;
}

const POLL_MILLISECONDS = 250;

/** One an invocation, since it counts what is started. */
export function createWorkflowClient(call: Call): WorkflowInterface {
  let started = 0;
  const getWorkflowById = (id: string) => call("workflow.get", { id });
  return {
    startWorkflow: (group, options = {}) =>
      call("workflow.start", {
        workflow: group,
        data_base64: payload(options),
        position: started++,
        ...(options.maxAttempts === undefined ? {} : { max_attempts: options.maxAttempts }),
      }),
    getWorkflow: ({ id }) => getWorkflowById(id),
    getWorkflowById,
    async waitForCompletion({ id }) {
      let instance = await getWorkflowById(id);
      while (!ended(instance)) {
        await pause(POLL_MILLISECONDS);
        instance = await getWorkflowById(id);
      }
      return instance;
    },
    async rescheduleWorkflow({ id }, delay) {
      await call("workflow.reschedule", { id, delay_ms: milliseconds(delay) });
    },
    async completeWorkflow({ id }, status, result) {
      await call("workflow.complete", { id, status, result: toJson(result) });
    },
  };
}

export async function startAsyncWorkflow(
  client: WorkflowInterface,
  group: string,
  options: StartOptions,
): Promise<AsyncWorkflow> {
  return new StartedWorkflow(client, await client.startWorkflow(group, options));
}

class StartedWorkflow implements AsyncWorkflow {
  isWaiting = false;

  constructor(
    private readonly client: WorkflowInterface,
    private instance: WorkflowInstance,
  ) {}

  get id(): string {
    return this.instance.id;
  }

  get isCompleted(): boolean {
    return ended(this.instance);
  }

  async wait(maxWait = Infinity): Promise<void> {
    const deadline = Date.now() + maxWait;
    this.isWaiting = true;
    try {
      await this.refresh();
      while (!this.isCompleted && Date.now() < deadline) {
        await pause(Math.min(POLL_MILLISECONDS, deadline - Date.now()));
        await this.refresh();
      }
    } finally {
      this.isWaiting = false;
    }
  }

  async getData(): Promise<unknown> {
    const raw = await this.getDataRaw();
    return raw === "" ? undefined : decode(raw);
  }

  async getDataRaw(): Promise<string> {
    await this.refresh();
    return this.instance.output ?? "";
  }

  private async refresh(): Promise<void> {
    if (!this.isCompleted) this.instance = await this.client.getWorkflow(this.instance);
  }
}

/** JSON data as the base64 text in which it travels. */
export function encode(data: unknown): string {
  return toBase64(new TextEncoder().encode(JSON.stringify(toJson(data))));
}

export function decode(base64: string): unknown {
  return JSON.parse(new TextDecoder().decode(fromBase64(base64)));
}

function payload({ data, dataRaw }: StartOptions): string {
  if (data !== undefined && dataRaw !== undefined) {
    throw new TypeError("Give a workflow either `data` or `dataRaw`, not both.");
  }
  return dataRaw ?? encode(data);
}

function ended({ status }: WorkflowInstance): boolean {
  return status === "completed" || status === "failed";
}

function pause(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration));
}
