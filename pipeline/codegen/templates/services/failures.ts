import type { Context, Logger } from "@versori/run";
import { MissingReference, type SkippedRecord } from "./references.ts";
import { ApiError } from "./requests.ts";

/**
 * Logs a failure with the record that it befell, and tells a person what only they can mend.
 *
 * It does not settle the failure: whoever calls it throws the error again, so that the platform
 * keeps the event and can replay it.
 */
export async function reportFailure(
  context: Pick<Context<unknown>, "createIssue">,
  log: Logger,
  error: unknown,
  record: { workflow: string; id: string },
): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  log.error("Record could not be written", {
    record: record.id,
    error: message,
  });
  if (!needsPerson(error)) return;
  await context.createIssue({
    severity: "high",
    title: title(error, record.workflow),
    message,
    annotations: { workflow: record.workflow, record: record.id },
  });
}

/** Logs that a record is left alone; where nobody but a person can say why, tells one. */
export async function reportSkip(
  context: Pick<Context<unknown>, "createIssue">,
  log: Logger,
  skip: SkippedRecord,
  record: { workflow: string; id: string },
): Promise<void> {
  log.warn("Record is skipped", { record: record.id, reason: skip.message });
  if (!skip.needsPerson) return;
  await context.createIssue({
    severity: "high",
    title: `${record.workflow}: record ${record.id} has to be looked at`,
    message: skip.message,
    annotations: { workflow: record.workflow, record: record.id },
  });
}

export function needsPerson(error: unknown): boolean {
  return error instanceof MissingReference ||
    (error instanceof ApiError && error.needsPerson);
}

function title(error: unknown, workflow: string): string {
  if (!(error instanceof ApiError)) {
    return `${workflow}: a record it refers to is missing`;
  }
  if (error.status === 401 || error.status === 403) {
    return `${error.system} refuses access`;
  }
  if (error.status === 404) return `${error.system} does not know an address`;
  return `${error.system} is not available`;
}
