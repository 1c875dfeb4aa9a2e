/** Keeps a limit of so many requests in so many milliseconds, within this process. */
export class Pace {
  private readonly turns: number[] = [];

  constructor(
    private readonly requests: number,
    private readonly milliseconds: number,
  ) {}

  /** Waits until one more request keeps the limit. */
  async turn(): Promise<void> {
    const now = Date.now();
    const full = this.turns.length >= this.requests;
    const at = full ? Math.max(now, this.turns.shift()! + this.milliseconds) : now;
    this.turns.push(at);
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
  }
}
