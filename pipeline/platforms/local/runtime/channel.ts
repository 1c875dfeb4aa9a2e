/**
 * The one way out of a deployed project: a WebSocket to its runner.
 *
 * @module
 */

import type { Host, Method, Params, Returns } from "./host.ts";
import type { Incoming, Invoke, Json, LogMessage, Outgoing } from "./protocol.ts";
import { fromErrorMessage } from "./values.ts";

interface Pending {
  resolve(result: Json): void;
  reject(error: Error): void;
}

export class Channel implements Host {
  /** Settles when the runner says shut down; rejects when the connection breaks. */
  readonly closed: Promise<void>;
  private readonly pending = new Map<number, Pending>();
  private calls = 0;

  private constructor(
    private readonly socket: WebSocket,
    private readonly invoked: (invoke: Invoke) => void,
  ) {
    this.closed = new Promise((resolve, reject) => {
      socket.addEventListener("message", ({ data }) => {
        const message: Incoming = JSON.parse(data);
        if (message.type === "shutdown") resolve();
        else this.receive(message);
      });
      socket.addEventListener("close", () => {
        const error = new Error("The runner closed the channel.");
        for (const { reject } of this.pending.values()) reject(error);
        this.pending.clear();
        reject(error);
      });
    });
  }

  /** Connects; `invoked` is called for every workflow to run. */
  static async open(url: string, invoked: (invoke: Invoke) => void): Promise<Channel> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve(), { once: true });
      socket.addEventListener(
        "error",
        () => reject(new Error("The runner can't be reached.")),
        { once: true },
      );
    });
    return new Channel(socket, invoked);
  }

  send(message: Outgoing): void {
    this.socket.send(JSON.stringify(message));
  }

  log(message: LogMessage): void {
    if (this.socket.readyState === WebSocket.OPEN) this.send(message);
  }

  call<M extends Method>(execution: string, method: M, params: Params<M>): Promise<Returns<M>> {
    const id = ++this.calls;
    return new Promise((resolve, reject) => {
      // The runner answers each method with its own result: the protocol says which.
      this.pending.set(id, {
        resolve: (result) => resolve(result as unknown as Returns<M>),
        reject,
      });
      this.send({ type: "call", id, execution, method, params: params as unknown as Json });
    });
  }

  close(): void {
    this.socket.close();
  }

  private receive(message: Exclude<Incoming, { type: "shutdown" }>): void {
    if (message.type === "invoke") return this.invoked(message);
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (message.ok) pending?.resolve(message.result);
    else pending?.reject(fromErrorMessage(message.error));
  }
}
