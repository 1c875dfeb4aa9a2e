import type { ConnectionFetch, Logger } from "@versori/run";
import type { Pace } from "./pace.ts";
import { valueAt } from "./records.ts";

const MAX_ATTEMPTS = 5;
const TIMEOUT_MS = 30_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 60_000;
const DETAIL_LENGTH = 500;

/** How one kind of failed answer is read; `path` and `code` look inside its body. */
export interface ErrorRule {
  status?: number;
  path?: readonly string[];
  code?: string;
  meaning: string;
  retry: boolean;
}

/** What is known of a system's limits and failures. */
export interface Policy {
  system: string;
  rules: readonly ErrorRule[];
  retryAfterHeader: string;
  pace: Pace;
}

export interface ApiRequest {
  method: string;
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as a form, nested members in brackets. */
  form?: object;
  /** Whether sending it twice has the effect of sending it once. */
  repeatable: boolean;
}

/** A request that failed for good. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly system: string,
    readonly request: string,
    readonly status: number | undefined,
    readonly meaning: string,
    readonly detail: string,
    /** Whether the request may have had its effect all the same. */
    readonly uncertain: boolean,
  ) {
    super(`${system} ${request}: ${meaning}${detail && ` ${detail}`}`);
  }

  /** Whether a person has to mend access, configuration or the system itself. */
  get needsPerson(): boolean {
    return this.status === undefined || this.status >= 500 ||
      [401, 403, 404].includes(this.status);
  }
}

interface Answer {
  body: unknown;
  /** Where the Link header says that the next page is. */
  next: string | undefined;
}

interface Failure {
  status?: number;
  meaning: string;
  detail: string;
  retry: boolean;
  uncertain: boolean;
  retryAfter?: string | null;
}

/** Sends requests to one system, and repeats those that may be repeated. */
export class Api {
  constructor(
    private readonly fetch: ConnectionFetch,
    private readonly log: Logger,
    private readonly policy: Policy,
  ) {}

  /** The answer's body; ApiError where the system refused or could not be reached. */
  async send(request: ApiRequest): Promise<unknown> {
    return (await this.sendForPage(request)).body;
  }

  /** The same, with the address of the next page. */
  async sendForPage(request: ApiRequest): Promise<Answer> {
    const { system } = this.policy;
    const name = `${request.method} ${request.path}`;
    for (let attempt = 1;; attempt++) {
      const outcome = await this.attempt(request, attempt);
      if (!("failure" in outcome)) return outcome;
      const { failure } = outcome;
      const { status, meaning, detail, uncertain } = failure;
      const delay = delayBefore(attempt + 1, failure.retryAfter);
      const mayRepeat = failure.retry && (request.repeatable || !uncertain);
      if (!mayRepeat || attempt === MAX_ATTEMPTS || delay > LONGEST_DELAY_MS) {
        this.log.error("Request failed", {
          system,
          request: name,
          status,
          meaning,
          attempt,
        });
        throw new ApiError(system, name, status, meaning, detail, uncertain);
      }
      this.log.warn("Request is repeated", {
        system,
        request: name,
        status,
        meaning,
        attempt,
        delay,
      });
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }

  private async attempt(
    { method, path, query, headers, body, form }: ApiRequest,
    attempt: number,
  ): Promise<Answer | { failure: Failure }> {
    const fields = {
      system: this.policy.system,
      request: `${method} ${path}`,
      attempt,
    };
    const search = new URLSearchParams(query).toString();
    const address = search ? `${path}?${search}` : path;
    await this.policy.pace.turn();
    this.log.info("Request", fields);
    try {
      const response = await this.fetch(address, {
        method,
        headers: {
          Accept: "application/json",
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(form === undefined ? {} : { body: formOf(form) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      this.log.info("Response", { ...fields, status: response.status });
      const answer = parse(text);
      const failure = failureOf(response.status, answer, this.policy.rules);
      if (!failure) {
        return { body: answer, next: nextLink(response.headers.get("Link")) };
      }
      const retryAfter = response.headers.get(this.policy.retryAfterHeader);
      return {
        failure: {
          ...failure,
          detail: text.slice(0, DETAIL_LENGTH),
          retryAfter,
        },
      };
    } catch (error) {
      return {
        failure: {
          meaning: "It could not be reached.",
          detail: error instanceof Error ? error.message : String(error),
          retry: true,
          uncertain: true,
        },
      };
    }
  }
}

/** What went wrong, by the system's rules; undefined for an answer that is a success. */
export function failureOf(
  status: number,
  body: unknown,
  rules: readonly ErrorRule[],
): Omit<Failure, "detail" | "retryAfter"> | undefined {
  const rule = rules.find((rule) => applies(rule, status, body));
  if (!rule && status < 400) return undefined;
  return {
    status,
    meaning: rule?.meaning ?? `It answered ${status}.`,
    retry: rule?.retry ?? (status === 408 || status === 429 || status >= 500),
    uncertain: status >= 500 || status === 408,
  };
}

/** What the request gives; undefined where the system has no such record. */
export async function unlessMissing(
  answer: Promise<unknown>,
): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** The address of the next page in a Link header (RFC 8288). */
export function nextLink(header: string | null): string | undefined {
  return header?.match(/<([^>]*)>[^<]*\brel="?next\b/)?.[1];
}

/** A record as a form: `{ address: { city } }` becomes `address[city]=…`. */
export function formOf(record: object, within?: string): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(record)) {
    const key = within === undefined ? name : `${within}[${name}]`;
    if (value !== null && typeof value === "object") {
      formOf(value, key).forEach((inner, path) => form.append(path, inner));
    } else if (value !== undefined) form.append(key, String(value));
  }
  return form;
}

function applies(rule: ErrorRule, status: number, body: unknown): boolean {
  if (rule.status !== undefined && rule.status !== status) return false;
  if (!rule.path) return true;
  const value = valueAt(body, rule.path);
  if (rule.code !== undefined) return String(value) === rule.code;
  return value !== undefined && value !== null;
}

/** Milliseconds to wait: what the system asks for, else twice as long each time, with jitter. */
export function delayBefore(
  attempt: number,
  retryAfter?: string | null,
): number {
  if (retryAfter) {
    const seconds = Number(retryAfter);
    const asked = Number.isNaN(seconds)
      ? Date.parse(retryAfter) - Date.now()
      : seconds * 1000;
    if (Number.isFinite(asked)) {
      return Math.max(asked, 0) + Math.random() * FIRST_DELAY_MS;
    }
  }
  return FIRST_DELAY_MS * 2 ** (attempt - 2) * (0.5 + Math.random() / 2);
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
