/**
 * Values on their way through JSON.
 *
 * @module
 */

import type { ErrorMessage, Json } from "./protocol.ts";

/** A value as JSON carries it; errors keep their name and message. */
export function toJson(value: unknown): Json {
  const text = JSON.stringify(
    value,
    (_key, item: unknown) => item instanceof Error ? errorMessage(item) : item,
  );
  return text === undefined ? null : JSON.parse(text);
}

/** Whatever was thrown, as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

export function errorMessage(error: Error): ErrorMessage {
  return { name: error.name, message: error.message };
}

export function fromErrorMessage({ name, message }: ErrorMessage): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

export function toBase64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text);
}
