import { inTurn } from "./once.ts";
import { ApiError } from "./requests.ts";

/** A record that has to be there is not: a person has to make it, or to change a setting. */
export class MissingReference extends Error {
  override readonly name = "MissingReference";
}

/** The record that came in is to be left alone; the message says why. */
export class SkippedRecord extends Error {
  override readonly name: string = "SkippedRecord";
  readonly needsPerson: boolean = false;
}

/** What was found in this run, so that each key is asked for once. */
export class Found<T> {
  private readonly byKey = new Map<string, T>();

  constructor(private readonly name: string) {}

  async get(
    key: string,
    find: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    return await inTurn(`${this.name}/${key}`, async () => {
      const record = this.byKey.get(key) ?? await find();
      if (record !== undefined) this.byKey.set(key, record);
      return record;
    });
  }
}

/**
 * The record, created where there is none.
 *
 * Where creating is refused, another run may have created it in between: it is looked for once
 * more, and only if it is still not there does the refusal stand.
 */
export async function findOrCreate<T>(
  find: () => Promise<T | undefined>,
  create: () => Promise<T>,
): Promise<T> {
  const found = await find();
  if (found !== undefined) return found;
  try {
    return await create();
  } catch (error) {
    const refused = error instanceof ApiError && !error.uncertain;
    const created = refused ? await find() : undefined;
    if (created === undefined) throw error;
    return created;
  }
}
