/**
 * The HTTP request that triggered a webhook.
 *
 * @module
 */

import type { Json, RequestMessage } from "./protocol.ts";
import { fromBase64 } from "./values.ts";

export interface WebhookRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[]>>;
  /** The parsed body; where the webhook asked for the raw one its text, or bytes if it is none. */
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
    body: raw ? rawBody(message) : parsed,
    rawBody: message.raw_body,
    get: (name) => headers[name.toLowerCase()],
  };
}

function rawBody({ raw_body, raw_body_base64 }: RequestMessage): string | Uint8Array {
  return raw_body_base64 === undefined ? raw_body : fromBase64(raw_body_base64);
}
