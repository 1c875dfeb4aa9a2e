/**
 * The HTTP request that triggered a webhook.
 *
 * @module
 */

import type { Json, RequestMessage } from "./protocol.ts";

export interface WebhookRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[]>>;
  /** The parsed body; the text itself where the webhook asked for the raw body. */
  readonly body: unknown;
  readonly rawBody: string;
  /** A header, its name in any case. */
  get(name: string): string | undefined;
}

export function createRequest(
  message: RequestMessage,
  parsed: Json | undefined,
  raw: boolean,
): WebhookRequest {
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    method: message.method,
    path: message.path,
    headers,
    query: message.query,
    body: raw ? message.raw_body : parsed,
    rawBody: message.raw_body,
    get: (name) => headers[name.toLowerCase()],
  };
}
