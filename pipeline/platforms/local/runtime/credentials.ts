/**
 * Credentials outside `http` tasks. The runner gives them only where a person granted it.
 *
 * @module
 */

import type { Call } from "./host.ts";
import { fromBase64 } from "./values.ts";

export interface AccessToken {
  accessToken: string;
  tokenType: string;
  /** ISO 8601. */
  expiry?: string;
}

export interface CredentialsProvider {
  getRaw(name: string, activationId?: string): Promise<Uint8Array>;
  getAccessToken(
    name: string,
    forceRefresh?: boolean,
    activationId?: string,
  ): Promise<AccessToken>;
  getOAuth1Metadata(name: string, activationId?: string): Promise<unknown>;
}

export function createCredentials(call: Call): CredentialsProvider {
  const of = (activation?: string) => activation === undefined ? {} : { activation };
  return {
    async getRaw(system, activationId) {
      const raw = await call("credentials", { kind: "raw", system, ...of(activationId) });
      return fromBase64(String(raw));
    },
    async getAccessToken(system, forceRefresh = false, activationId) {
      const token = await call("credentials", {
        kind: "access-token",
        system,
        force_refresh: forceRefresh,
        ...of(activationId),
      });
      return token as unknown as AccessToken;
    },
    getOAuth1Metadata: (system, activationId) =>
      call("credentials", { kind: "oauth1", system, ...of(activationId) }),
  };
}
