/** Milliseconds in each unit of a delay. */
const UNITS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of a delay such as `5s`, `1m30s` or `2h`. */
export function milliseconds(delay: string): number {
  const parts = [...delay.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== delay) {
    throw new TypeError(`"${delay}" is no delay. Write it like "5s", "1m30s" or "2h".`);
  }
  return parts.reduce((total, [, count, unit]) => total + Number(count) * (UNITS[unit!] ?? 0), 0);
}
