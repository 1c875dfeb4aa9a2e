/**
 * Triggers: what starts a workflow.
 *
 * @module
 */

import type { Activation } from "./activation.ts";
import type { Context } from "./context.ts";
import type { Json, WorkflowDeclaration } from "./protocol.ts";
import { Workflow } from "./workflow.ts";

export type WebhookMethod =
  | "get"
  | "post"
  | "put"
  | "delete"
  | "patch"
  | "options"
  | "head"
  | "all";

export interface CorsOptions {
  origin?: string | string[];
  methods?: string | string[];
  allowedHeaders?: string | string[];
  exposedHeaders?: string | string[];
  credentials?: boolean;
}

export interface WebhookResponse {
  /** `sync` (as it is unless told otherwise) answers when the workflow is done. */
  mode?: "sync" | "async";
  /** The answer after success; the context's data is the workflow's output. */
  onSuccess?: (context: Context<unknown>) => Response | Promise<Response>;
  /** The answer after a failure; the context's data is the error. */
  onError?: (context: Context<Error>) => Response | Promise<Response>;
}

export interface WebhookOptions {
  method?: WebhookMethod;
  cors?: boolean | CorsOptions;
  response?: WebhookResponse;
  /** The system whose signature or key proves the sender. */
  connection?: string;
  request?: {
    /** Leave the body unparsed: it is in `request()`, and the data is undefined. */
    rawBody?: boolean;
  };
}

export interface DurableWorkflowOptions {
  /** Seconds that an attempt may take. */
  ttl?: number;
  /** Instances at once. */
  limit?: number;
  maxAttempts?: number;
}

export type ActivationPredicate = "all" | ((activation?: Activation) => boolean);

/** A webhook's body. Its shape is the sender's: say in the task what it is. */
// deno-lint-ignore no-explicit-any
export type WebhookData = any;
/** What a durable workflow was started with. Its shape is the starter's. */
// deno-lint-ignore no-explicit-any
export type DurableWorkflowData = any;

export interface ScheduleData {
  /** ISO 8601; when the run was due. */
  scheduledTime?: string;
}

export interface Trigger {
  readonly id: string;
  readonly rawBody: boolean;
  readonly response?: WebhookResponse;
  declaration(): WorkflowDeclaration;
  /** Whether the workflow runs for this activation. */
  admits(activation: Activation): boolean;
}

/** Starts with an HTTP request to `<project URL>/<id>`. */
export function webhook(id: string, options: WebhookOptions = {}): Workflow<WebhookData> {
  const { method = "all", cors, response = {}, connection, request } = options;
  const rawBody = request?.rawBody ?? false;
  return new Workflow({
    id: checked(id),
    rawBody,
    response,
    declaration: () => ({
      id,
      kind: "webhook",
      method,
      response: { mode: response.mode ?? "sync" },
      raw_body: rawBody,
      ...(cors === undefined ? {} : { cors: cors as Json }),
      ...(connection === undefined ? {} : { connection }),
    }),
    admits: () => true,
  });
}

/** Starts by the clock: for the static user, or for whom the predicate admits. */
export function schedule(
  id: string,
  cron: string,
  activationPredicate?: ActivationPredicate,
): Workflow<ScheduleData> {
  return new Workflow({
    id: checked(id),
    rawBody: false,
    declaration: () => ({
      id,
      kind: "schedule",
      cron,
      activations: activationPredicate === undefined ? "static" : "all",
    }),
    admits: (activation) =>
      typeof activationPredicate === "function" ? activationPredicate(activation) : true,
  });
}

/** A durable workflow: started by another with `start()`, retried until it is done. */
export function workflow(
  id: string,
  options: DurableWorkflowOptions = {},
): Workflow<DurableWorkflowData> {
  const { ttl, limit, maxAttempts } = options;
  return new Workflow({
    id: checked(id),
    rawBody: false,
    declaration: () => ({
      id,
      kind: "workflow",
      ...(ttl === undefined ? {} : { ttl }),
      ...(limit === undefined ? {} : { limit }),
      ...(maxAttempts === undefined ? {} : { max_attempts: maxAttempts }),
    }),
    admits: () => true,
  });
}

function checked(id: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id)) {
    throw new TypeError(`"${id}" can't be a workflow's id: use letters, digits and dashes.`);
  }
  return id;
}
