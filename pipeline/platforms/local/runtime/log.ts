/**
 * Structured logging: a static message, what varies in fields.
 *
 * @module
 */

import type { LogMessage } from "./protocol.ts";
import { toJson } from "./values.ts";

export type LogFields = Record<string, unknown>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  child(fields: Record<string, string>): Logger;
}

export type LogWriter = (
  level: LogMessage["level"],
  message: string,
  fields: LogMessage["fields"],
) => void;

export function createLogger(write: LogWriter, bound: LogFields = {}): Logger {
  const at = (level: LogMessage["level"]) => (message: string, fields: LogFields = {}) =>
    write(level, message, loggable({ ...bound, ...fields }));
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => createLogger(write, { ...bound, ...fields }),
  };
}

/** Fields as JSON. Logging never fails its caller: what JSON can't carry is told as text. */
function loggable(fields: LogFields): LogMessage["fields"] {
  const entries = Object.entries(fields).map(([name, value]) => {
    try {
      return [name, toJson(value)];
    } catch {
      return [name, String(value)];
    }
  });
  return Object.fromEntries(entries);
}
