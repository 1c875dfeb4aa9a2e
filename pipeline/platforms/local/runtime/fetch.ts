/**
 * The authenticated `fetch` of `http` tasks: the runner adds the credential and sends.
 *
 * @module
 */

import type { Call } from "./host.ts";
import type { ResponseMessage } from "./protocol.ts";
import { fromBase64, toBase64 } from "./values.ts";

export type ConnectionFetch = (
  input: string | URL | Request,
  init?: RequestInit,
) => Promise<Response>;

/** Stands in where `Request` asks for a whole URL; it never leaves this module. */
const PLACEHOLDER = "http://relative.invalid";
const NO_BODY = [101, 204, 205, 304];

/** `baseUrl` is the system's, where it is known. */
export function createFetch(call: Call, system: string, baseUrl = ""): ConnectionFetch {
  return async (input, init = {}) => {
    const request = new Request(input instanceof Request ? input : absolute(input), init);
    const hasBody = request.body !== null;
    const bytes = new Uint8Array(await request.arrayBuffer());
    request.signal.throwIfAborted();
    const answer = call("fetch", {
      system,
      method: request.method,
      path: below(baseUrl, relative(request.url)),
      headers: Object.fromEntries(request.headers),
      ...encodeBody(bytes, hasBody),
    });
    return toResponse(await untilAborted(answer, request.signal));
  };
}

export function toResponse({ status, headers, body, body_base64 }: ResponseMessage): Response {
  const content = body_base64 ? fromBase64(body) : body;
  return new Response(NO_BODY.includes(status) ? null : content, { status, headers });
}

export async function fromResponse(response: Response): Promise<ResponseMessage> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { body, body_base64 } = encodeBody(bytes, true);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: body ?? "",
    body_base64,
  };
}

function encodeBody(bytes: Uint8Array, present: boolean) {
  if (!present) return { body: null, body_base64: false };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { body: text, body_base64: false };
  } catch {
    return { body: toBase64(bytes), body_base64: true };
  }
}

function absolute(input: string | URL): string {
  const text = String(input);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  return PLACEHOLDER + (text.startsWith("/") || text.startsWith("?") ? text : `/${text}`);
}

function relative(url: string): string {
  return url.startsWith(PLACEHOLDER) ? url.slice(PLACEHOLDER.length) : url;
}

/** A trailing `/api` of the base URL is no part of it for code, as on Versori: code asks for it. */
function below(baseUrl: string, path: string): string {
  return /\/api\/?$/.test(baseUrl) && path.startsWith("/api/") ? path.slice("/api".length) : path;
}

/** The outcome of the work, unless the caller gives up first. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  return promise;
}
