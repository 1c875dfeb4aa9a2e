/**
 * `@versori/run` as Weft runs it: the documented surface, on Weft's own runner.
 *
 * @module
 */

export { fn, http, type HttpOptions, type Task } from "./tasks.ts";
export {
  type ActivationPredicate,
  type CorsOptions,
  type DurableWorkflowData,
  type DurableWorkflowOptions,
  schedule,
  type ScheduleData,
  type Trigger,
  webhook,
  type WebhookData,
  type WebhookMethod,
  type WebhookOptions,
  type WebhookResponse,
  workflow,
} from "./triggers.ts";
export type { Workflow } from "./workflow.ts";
export type {
  Context,
  ContextFunc,
  HttpContext,
  HttpContextFunc,
  Issue,
  IssueOptions,
  IssueRequest,
} from "./context.ts";
export type { Activation, User } from "./activation.ts";
export type { AccessToken, CredentialsProvider } from "./credentials.ts";
export type { ConnectionFetch } from "./fetch.ts";
export {
  type CountKVResponse,
  type GetOptions,
  type KeyValue,
  KVNotFoundError,
  type KvScope,
  type ListKVRequest,
  type ListKVResponse,
  type SetOptions,
} from "./kv.ts";
export type { LogFields, Logger } from "./log.ts";
export type { WebhookRequest } from "./request.ts";
export type {
  AsyncWorkflow,
  StartOptions,
  WorkflowInstance,
  WorkflowInterface,
} from "./workflow_client.ts";
export {
  MemoryInterpreter,
  type MemoryOptions,
  type MemoryOutcome,
  type SystemFetch,
} from "./memory.ts";
export * as durable from "./durable.ts";
