/**
 * Runs a project's entry as its runner would, over standard input and output instead of a socket.
 *
 * The project and the Run SDK are those that are deployed. Only what surrounds them is played:
 * the runner's WebSocket is a pair of pipes, and timers are told to the other side and then run a
 * thousand times faster, the clock with them, so that a wait of a minute is seen and takes no time.
 *
 * @module
 */

const FASTER = 1000;

const input = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).getReader();
const encoder = new TextEncoder();
let rest = "";

/** The next line; undefined at the end. */
async function line(): Promise<string | undefined> {
  while (!rest.includes("\n")) {
    const { value, done } = await input.read();
    if (done) return undefined;
    rest += value;
  }
  const end = rest.indexOf("\n");
  const found = rest.slice(0, end);
  rest = rest.slice(end + 1);
  return found;
}

function write(text: string): void {
  let bytes = encoder.encode(`${text}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}

/** Stands in for the socket to the runner. */
class Pipes extends EventTarget {
  static readonly OPEN = 1;
  readyState = Pipes.OPEN;

  constructor() {
    super();
    queueMicrotask(() => this.read());
  }

  send(text: string): void {
    write(text);
  }

  close(): void {
    this.readyState = 3;
    this.dispatchEvent(new CloseEvent("close"));
  }

  private async read(): Promise<void> {
    this.dispatchEvent(new Event("open"));
    for (let data = await line(); data !== undefined; data = await line()) {
      this.dispatchEvent(new MessageEvent("message", { data }));
    }
    this.close();
  }
}

const start = `${await line()}\n`;
Object.defineProperty(Deno.stdin, "readable", {
  get: () => ReadableStream.from([encoder.encode(start)]),
});
Object.defineProperty(globalThis, "WebSocket", { value: Pipes });

const RealDate = globalThis.Date;
let ahead = 0; // milliseconds by which the waits that were skipped have brought the clock forward
const now = () => RealDate.now() + ahead;

Object.defineProperty(globalThis, "Date", {
  value: class extends RealDate {
    constructor(...parts: unknown[]) {
      super(...(parts.length === 0 ? [now()] : parts) as [number]);
    }
    static override now = now;
  },
});

const setTimer = globalThis.setTimeout;
Object.defineProperty(globalThis, "setTimeout", {
  value: (work: (...values: unknown[]) => void, ms = 0, ...values: unknown[]) => {
    write(JSON.stringify({ type: "wait", milliseconds: ms }));
    const due = now() + ms;
    return setTimer(() => {
      ahead += Math.max(0, due - now());
      work(...values);
    }, ms / FASTER);
  },
});

// What a project prints is no message.
console.log = console.info = console.debug = console.error;

await import("../src/index.ts");
Deno.exit(0);
