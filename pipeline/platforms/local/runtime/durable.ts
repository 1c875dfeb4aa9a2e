/**
 * The interpreter of deployed projects: the runner triggers, and keeps what must last.
 *
 * @module
 */

import { Channel } from "./channel.ts";
import type { Invoke, Start } from "./protocol.ts";
import { Registry } from "./registry.ts";
import type { Workflow } from "./workflow.ts";

export class DurableInterpreter {
  private readonly registry = new Registry();

  private constructor() {}

  static newInstance(): Promise<DurableInterpreter> {
    return Promise.resolve(new DurableInterpreter());
  }

  register(workflow: Workflow<unknown>): void {
    this.registry.register(workflow);
  }

  /** Serves until the runner says shut down; rejects when the runner is gone. */
  async start(): Promise<void> {
    const { url, token } = await readStart();
    const running = new Set<Promise<void>>();
    const channel: Channel = await Channel.open(url, (invoke) => {
      const run = this.serve(invoke, channel).finally(() => running.delete(run));
      running.add(run);
    });
    globalThis.addEventListener("unhandledrejection", tell);
    try {
      channel.send({ type: "hello", token, workflows: this.registry.declarations() });
      await channel.closed;
      await Promise.all(running);
      channel.close();
    } finally {
      globalThis.removeEventListener("unhandledrejection", tell);
    }
  }

  private async serve(invoke: Invoke, channel: Channel): Promise<void> {
    channel.send(await this.registry.run(invoke, channel));
  }
}

/** The runner's one line on standard input, so that nothing secret stands in argv. */
async function readStart(): Promise<Start> {
  let text = "";
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  if (text.trim() === "") {
    throw new Error("This project is started by a runner: run `weft runner`, then deploy it.");
  }
  return JSON.parse(text);
}

/** A promise that one execution forgot must not take the others down. */
function tell(event: PromiseRejectionEvent): void {
  event.preventDefault();
  console.error("Unhandled rejection:", event.reason);
}
