/**
 * What every task receives.
 *
 * @module
 */

import type { Activation } from "./activation.ts";
import type { CredentialsProvider } from "./credentials.ts";
import type { ConnectionFetch } from "./fetch.ts";
import type { KeyValue, KvScope } from "./kv.ts";
import type { Logger } from "./log.ts";
import type { WebhookRequest } from "./request.ts";
import type {
  AsyncWorkflow,
  StartOptions,
  WorkflowInstance,
  WorkflowInterface,
} from "./workflow_client.ts";

export interface IssueRequest {
  severity: "low" | "medium" | "high";
  title: string;
  message: string;
  annotations: Record<string, string>;
}

export interface IssueOptions {
  /** Group issues of the same severity and title; true unless told otherwise. */
  deduplicate?: boolean;
}

export interface Issue extends IssueRequest {
  id: string;
}

export interface Context<Data> {
  /** The output of the task before, or the trigger's data. */
  data: Data;
  log: Logger;
  executionId: string;
  startTime: Date;
  activation: Activation;
  /** In durable workflows. */
  workflow?: WorkflowInstance;
  /** In `.catch()`: what was thrown. */
  error?: Error;
  /** `:project:`, one activation's store, unless told otherwise. */
  openKv(scope?: KvScope): KeyValue;
  credentials(): CredentialsProvider;
  /** Tells a person; null where the issue was grouped with one that stands already. */
  createIssue(issue: IssueRequest, options?: IssueOptions): Promise<Issue | null>;
  /** Starts a durable workflow. */
  start(workflowId: string, options?: StartOptions): Promise<AsyncWorkflow>;
  workflowClient(): WorkflowInterface;
  /** The HTTP request; webhooks only. */
  request(): WebhookRequest | undefined;
  /** Empties the store of a scope. */
  destroy(scope: KvScope): Promise<void>;
}

export interface HttpContext<Data, PageParams = unknown> extends Context<Data> {
  /** Authenticated, relative to the system's base URL. */
  fetch: ConnectionFetch;
  baseUrl: Promise<string>;
  connectionVariables: Record<string, unknown>;
  pageParams: PageParams | undefined;
  nextPage(params: PageParams): never;
}

export type ContextFunc<In, Out> = (context: Context<In>, index?: number) => Out | Promise<Out>;

export type HttpContextFunc<In, Out, PageParams = unknown> = (
  context: HttpContext<In, PageParams>,
  index?: number,
) => Out | Promise<Out>;
