/**
 * The messages between a deployed project and the runner that owns it.
 *
 * The project is a WebSocket client; everything it may do outside itself is a `call`.
 *
 * @module
 */

/** Any value that JSON can carry. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The one line that the runner writes to the project's standard input. */
export interface Start {
  url: string;
  token: string;
  deployment: string;
}

/** What the runner needs to know of a workflow to trigger it. */
export interface WorkflowDeclaration {
  id: string;
  kind: "webhook" | "schedule" | "workflow";
  /** Webhooks: the HTTP method, or `all`. */
  method?: string;
  cors?: Json;
  response?: { mode: "sync" | "async" };
  /** Webhooks: the system whose signature or key proves the sender. */
  connection?: string;
  raw_body?: boolean;
  /** Schedules. */
  cron?: string;
  activations?: "static" | "all";
  /** Durable workflows: seconds an attempt may take, instances at once, attempts. */
  ttl?: number;
  limit?: number;
  max_attempts?: number;
}

/** The HTTP request that triggered a webhook. Header names are lower case. */
export interface RequestMessage {
  method: string;
  path: string;
  headers: Record<string, string>;
  query: Record<string, string | string[]>;
  raw_body: string;
  /** Where the body is no text: its bytes. */
  raw_body_base64?: string;
}

/** Who a workflow runs for. */
export interface ActivationMessage {
  id: string;
  user: Partial<UserMessage> & { id: string };
  variables: Record<string, Json>;
}

export interface UserMessage {
  id: string;
  externalId: string;
  displayName: string;
  organisationId: string;
  createdAt: string;
  updatedAt: string;
}

/** A durable workflow's instance; payload and output are base64. */
export interface WorkflowMessage {
  id: string;
  projectId: string;
  environmentId: string;
  group: string;
  payload: string;
  output?: string;
  status: "available" | "locked" | "completed" | "failed";
  attempt: number;
  maxAttempts?: number;
  timeout: string;
  createdAt: string;
  metadata: {
    executionId: string;
    activationId: string;
    userId: string;
    parentWorkflowId?: string;
  };
}

/** Run a workflow. */
export interface Invoke {
  type: "invoke";
  /** Of this attempt: calls, logs and the result name it. */
  id: string;
  /** The same for every attempt; `id` where it is not given. */
  execution?: string;
  workflow: string;
  data?: Json;
  request?: RequestMessage;
  activation: ActivationMessage;
  /** What may be known of each system's connection. */
  connections?: Record<string, { base_url: string; variables?: Record<string, Json> }>;
  /** For a durable workflow: its instance. */
  instance?: WorkflowMessage;
}

export interface ErrorMessage {
  name: string;
  message: string;
}

/** Bytes are base64 where `body_base64` is true. */
export interface ResponseMessage {
  status: number;
  headers: Record<string, string>;
  body: string;
  body_base64: boolean;
}

/** Every method a project may call on the runner: parameters and result. */
export interface Calls {
  "fetch": {
    params: {
      system: string;
      method: string;
      /** Relative to the system's base URL, or a whole URL for the runner to judge. */
      path: string;
      headers: Record<string, string>;
      body: string | null;
      body_base64: boolean;
      timeout_ms?: number;
    };
    result: ResponseMessage;
  };
  "kv.get": {
    params: { scope: string; key: string[] };
    result: { found: boolean; value?: Json };
  };
  "kv.set": {
    params: { scope: string; key: string[]; value: Json; expire_in_ms?: number };
    result: null;
  };
  "kv.delete": { params: { scope: string; key: string[] }; result: null };
  "kv.list": {
    params: {
      scope: string;
      prefix: string[];
      limit: number;
      after?: string;
      reverse?: boolean;
    };
    result: { entries: KeyValueEntry[]; next_cursor: string };
  };
  "kv.count": { params: { scope: string; prefix: string[] }; result: { count: number } };
  "kv.destroy": { params: { scope: string }; result: null };
  "issue": { params: IssueParams; result: { id: string } | null };
  "variable.set": { params: { name: string; value: Json }; result: null };
  "credentials": {
    params: {
      kind: "raw" | "access-token" | "oauth1";
      system: string;
      force_refresh?: boolean;
      activation?: string;
    };
    result: Json;
  };
  "workflow.start": {
    params: {
      workflow: string;
      data_base64: string;
      max_attempts?: number;
      /** Which of the invocation's starts this is: one that is repeated starts the same. */
      position: number;
    };
    result: WorkflowMessage;
  };
  "workflow.get": { params: { id: string }; result: WorkflowMessage };
  "workflow.reschedule": { params: { id: string; delay_ms: number }; result: null };
  "workflow.complete": {
    params: { id: string; status: "completed" | "failed"; result: Json };
    result: null;
  };
}

export interface KeyValueEntry {
  key: string[];
  value: Json;
}

export interface IssueParams {
  severity: "low" | "medium" | "high";
  title: string;
  message: string;
  annotations: Record<string, string>;
  deduplicate: boolean;
}

export interface LogMessage {
  type: "log";
  execution: string;
  level: "debug" | "info" | "warn" | "error";
  message: string;
  fields: Record<string, Json>;
}

/** `response` is there where a webhook says itself how it answers. */
export type Result =
  & { type: "result"; id: string; response?: ResponseMessage }
  & ({ ok: true; data: Json } | { ok: false; error: ErrorMessage });

/** From the project to the runner. */
export type Outgoing =
  | { type: "hello"; token: string; workflows: WorkflowDeclaration[] }
  | { type: "call"; id: number; execution: string; method: keyof Calls; params: Json }
  | LogMessage
  | Result;

/** From the runner to the project. */
export type Incoming =
  | Invoke
  | { type: "reply"; id: number; ok: true; result: Json }
  | { type: "reply"; id: number; ok: false; error: ErrorMessage }
  | { type: "shutdown" };
