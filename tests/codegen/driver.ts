// Runs generated workflows for harness.py: every call to the platform is a line on standard output,
// and its answer a line on standard input. A process of its own, so that it can be killed.
import type { Host, Method, Params, Returns } from "./.weft/run/host.ts";
import type { Invoke } from "./.weft/run/protocol.ts";
import { Registry } from "./.weft/run/registry.ts";
import { PROJECTS } from "./projects.ts";

// Limits are kept and failures waited for all the same, only faster.
const wait = globalThis.setTimeout;
globalThis.setTimeout = ((run: () => void, milliseconds = 0) =>
  wait(run, milliseconds / 1000)) as typeof wait;

const waiting = new Map<number, (answer: { error?: string; result: unknown }) => void>();
let calls = 0;

const host: Host = {
  log: (message) => say({ log: message }),
  async call<M extends Method>(_: string, method: M, params: Params<M>) {
    const number = ++calls;
    const answered = new Promise<{ error?: string; result: unknown }>((resolve) =>
      waiting.set(number, resolve)
    );
    say({ call: number, method, params });
    const { error, result } = await answered;
    if (error !== undefined) throw new Error(error);
    return result as Returns<M>;
  },
};

function say(message: unknown): void {
  console.log(JSON.stringify(message));
}

interface Asked extends Omit<Invoke, "type"> {
  project: string;
}

async function run({ project, ...asked }: Asked): Promise<void> {
  const registry = new Registry();
  for (const one of PROJECTS[project]!) registry.register(one);
  say({ outcome: await registry.run({ type: "invoke", ...asked }, host) });
}

let text = "";
for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  text += chunk;
  const lines = text.split("\n");
  text = lines.pop()!;
  for (const line of lines.map((one) => JSON.parse(one))) {
    if ("answer" in line) waiting.get(line.answer)?.(line);
    else run(line);
  }
}
