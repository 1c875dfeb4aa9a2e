import type { KeyValue } from "@versori/run";
import { isBefore, type Time } from "./times.ts";

/** Tells the changes that this integration made from those of people. */
export class Mirror {
  constructor(
    private readonly kv: Pick<KeyValue, "get" | "set">,
    private readonly group: string,
  ) {}

  /** Whether the last change of a record was made by this integration. */
  async isOwn(
    system: string,
    key: string,
    changed: Time | null | undefined,
  ): Promise<boolean> {
    const written = await this.kv.get<Time>([this.group, system, key]);
    return written !== undefined && !isBefore(written, changed);
  }

  /** Keeps when a record was written; now, where the system does not say. */
  async remember(
    system: string,
    key: string,
    changed: Time | null | undefined,
  ): Promise<void> {
    const time = changed ?? new Date().toISOString();
    await this.kv.set([this.group, system, key], time);
  }
}
