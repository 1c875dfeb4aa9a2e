/**
 * Who a workflow runs for, and the variables that configure it.
 *
 * @module
 */

import type { Call } from "./host.ts";
import type { ActivationMessage, UserMessage } from "./protocol.ts";
import { toJson } from "./values.ts";

export type User = UserMessage;

export interface Activation {
  id: string;
  user: User;
  /** The variable's value; undefined where there is none. */
  getVariable(name: string): unknown;
  /** Keeps the value for later executions too. */
  setVariable(name: string, value: unknown): Promise<void>;
}

const NOBODY: User = {
  id: "",
  externalId: "",
  displayName: "",
  organisationId: "",
  createdAt: "",
  updatedAt: "",
};

export function createActivation(
  call: Call,
  { id, user, variables }: ActivationMessage,
): Activation {
  const values = new Map<string, unknown>(Object.entries(variables));
  return {
    id,
    user: { ...NOBODY, ...user },
    getVariable: (name) => values.get(name),
    async setVariable(name, value) {
      await call("variable.set", { name, value: toJson(value) });
      values.set(name, value);
    },
  };
}
