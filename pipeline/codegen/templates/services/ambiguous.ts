import type { KeyValue } from "@versori/run";
import { SkippedRecord } from "./references.ts";
import { ApiError } from "./requests.ts";

/** Nobody knows whether a record was written: a person has to look. */
export class UncertainWrite extends SkippedRecord {
  override readonly name = "UncertainWrite";
  override readonly needsPerson = true;

  constructor() {
    super(
      "It may have been written by a run that was interrupted: look for it, and add it by hand where it is not there.",
    );
  }
}

/**
 * Work of which the system cannot tell whether it was done before.
 *
 * It is begun once only: after an interruption in the middle it is left to a person.
 */
export async function atMostOnce<T>(
  kv: Pick<KeyValue, "get" | "set" | "delete">,
  key: string[],
  work: () => Promise<T>,
): Promise<T> {
  const begun = [...key, "begun"];
  if (await kv.get(begun)) throw new UncertainWrite();
  await kv.set(begun, true);
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApiError && !error.uncertain) await kv.delete(begun);
    throw error;
  }
}
