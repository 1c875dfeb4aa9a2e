/** What a field of a record may hold. */
export type Scalar = string | number | boolean | null | undefined;

/** A value that cannot be read as what its field needs. */
export class InvalidValue extends Error {
  override readonly name = "InvalidValue";

  constructor(value: unknown, expected: string) {
    super(`${JSON.stringify(value)} is not ${expected}`);
  }
}

export function toText(value: Scalar): string | undefined {
  return isMissing(value) ? undefined : String(value);
}

export function toNumber(value: Scalar): number | undefined {
  const exact = toDecimal(value);
  return exact && toFloat(exact);
}

export function toInteger(value: Scalar): number | undefined {
  return round(value, 0);
}

export function toBoolean(value: Scalar): boolean | undefined {
  if (isMissing(value)) return undefined;
  const text = String(value).trim().toLowerCase();
  if (["true", "1", "yes"].includes(text)) return true;
  if (["false", "0", "no"].includes(text)) return false;
  throw new InvalidValue(value, "true or false");
}

/** The date (YYYY-MM-DD) in a time zone, or as it is written where none is given. */
export function toDate(value: Scalar, timeZone?: string): string | undefined {
  if (isMissing(value)) return undefined;
  const written = String(value);
  const time = instantOf(value, "an ISO 8601 date");
  if (timeZone === undefined || written.length === 10) {
    return dayOfEmail(written) ?? written.slice(0, 10);
  }
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" })
    .format(time);
}

/** The instant as ISO 8601 in UTC, to the second. */
export function toDateTime(value: Scalar): string | undefined {
  if (isMissing(value)) return undefined;
  const time = instantOf(value, "an ISO 8601 time");
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** The instant of a time as APIs write it: ISO 8601, or as emails do (RFC 2822). */
function instantOf(value: Scalar, expected: string): Date {
  const written = String(value);
  const time = new Date(written);
  const isTime = /^\d{4}-\d{2}-\d{2}/.test(written) || dayOfEmail(written);
  if (!isTime || Number.isNaN(time.getTime())) {
    throw new InvalidValue(value, expected);
  }
  return time;
}

/** The day of a time such as “Tue, 01 Aug 2023 10:00:00 +0000”; undefined for any other. */
function dayOfEmail(written: string): string | undefined {
  const found = written.match(
    /^(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) \d{2}:\d{2}:\d{2} (?:[+-]\d{4}|GMT)$/,
  );
  if (!found) return undefined;
  const [, day = "", month = "", year] = found;
  const place = "JanFebMarAprMayJunJulAugSepOctNovDec".indexOf(month) / 3 + 1;
  return `${year}-${String(place).padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** Seconds since 1970 as ISO 8601 in UTC. */
export function fromUnixTime(value: Scalar): string | undefined {
  const seconds = toInteger(value);
  if (seconds === undefined) return undefined;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** An ISO 8601 time as seconds since 1970. */
export function toUnixTime(value: Scalar): number | undefined {
  const time = toDateTime(value);
  return time === undefined ? undefined : Math.floor(Date.parse(time) / 1000);
}

/** Cents to a currency's unit; `digits` is the number of decimals of that currency. */
export function minorToMajor(value: Scalar, digits = 2): number | undefined {
  const exact = toDecimal(value);
  return exact && toFloat({ units: exact.units, scale: exact.scale + digits });
}

/** A currency's unit to cents, rounded half away from zero. */
export function majorToMinor(value: Scalar, digits = 2): number | undefined {
  const exact = toDecimal(value);
  return exact &&
    toFloat(rounded({ units: exact.units, scale: exact.scale - digits }, 0));
}

/** The exact product, then rounded half away from zero: for money. */
export function multiply(
  value: Scalar,
  by: Scalar,
  digits = 2,
): number | undefined {
  const [one, other] = [toDecimal(value), toDecimal(by)];
  if (!one || !other) return undefined;
  const product = {
    units: one.units * other.units,
    scale: one.scale + other.scale,
  };
  return toFloat(rounded(product, digits));
}

/** Rounded half away from zero. */
export function round(value: Scalar, digits = 2): number | undefined {
  const exact = toDecimal(value);
  return exact && toFloat(rounded(exact, digits));
}

export function negate(value: Scalar): number | undefined {
  const exact = toDecimal(value);
  return exact && toFloat({ units: -exact.units, scale: exact.scale });
}

/** The exact sum of a list; undefined where it has no values. */
export function sum(values: Scalar[]): number | undefined {
  const exact = values.flatMap((value) => toDecimal(value) ?? []);
  if (exact.length === 0) return undefined;
  const scale = Math.max(...exact.map((decimal) => decimal.scale));
  const units = exact.map((decimal) =>
    decimal.units * 10n ** BigInt(scale - decimal.scale)
  );
  return toFloat({
    units: units.reduce((total, unit) => total + unit, 0n),
    scale,
  });
}

export function count(values: Scalar[]): number {
  return values.filter((value) => !isMissing(value)).length;
}

/** The values that are there, as one text. */
export function join(values: Scalar[], separator = " "): string | undefined {
  const present = values.flatMap((value) => toText(value)?.trim() || []);
  return present.length > 0 ? present.join(separator) : undefined;
}

/** The first of the values that is there. */
export function firstOf<T extends Scalar>(
  values: T[],
): NonNullable<T> | undefined {
  return values.find((value) => !isMissing(value)) ?? undefined;
}

/** All but the last word; of a single word, that word. */
export function firstName(value: Scalar): string | undefined {
  const words = toText(value)?.trim().split(/\s+/);
  return words && (words.slice(0, -1).join(" ") || words[0] || undefined);
}

/** The last word of several; with `orOnly`, a single one too. */
export function lastName(value: Scalar, orOnly = false): string | undefined {
  const words = toText(value)?.trim().split(/\s+/) ?? [];
  return words.length > 1 || orOnly ? words.at(-1) || undefined : undefined;
}

/** At most `length` characters; an emoji is never cut in two. */
export function truncate(value: Scalar, length: number): string | undefined {
  const text = toText(value);
  if (text === undefined || text.length <= length) return text;
  const cut = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** The value that a table gives for this one. */
export function translate<T extends Scalar>(
  value: Scalar,
  table: Record<string, T>,
  fallback?: T,
): T | undefined {
  if (isMissing(value)) return fallback;
  const key = String(value);
  if (Object.hasOwn(table, key)) return table[key];
  if (fallback !== undefined) return fallback;
  throw new InvalidValue(value, `one of ${Object.keys(table).join(", ")}`);
}

export function lower(value: Scalar): string | undefined {
  return toText(value)?.toLowerCase();
}

export function upper(value: Scalar): string | undefined {
  return toText(value)?.toUpperCase();
}

export function trim(value: Scalar): string | undefined {
  return toText(value)?.trim();
}

/** Markup out, entities of the four usual signs read, white space as single blanks. */
export function stripHtml(value: Scalar): string | undefined {
  return toText(value)
    ?.replace(/<[^>]*>/g, " ")
    .replaceAll("&nbsp;", " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ")
    .trim();
}

export function stripPrefix(value: Scalar, prefix: string): string | undefined {
  const text = toText(value);
  return text?.startsWith(prefix) ? text.slice(prefix.length) : text;
}

export function withDefault<T extends Scalar>(
  value: T,
  fallback: NonNullable<T>,
): NonNullable<T> {
  return isMissing(value) ? fallback : value as NonNullable<T>;
}

/** A template's `{name}`s filled in, without lines whose names all lack a value. */
export function fill(
  template: string,
  values: Record<string, Scalar>,
): string | undefined {
  if (Object.values(values).every(isMissing)) return undefined;
  const lines = template.split("\n").map((line) => fillLine(line, values));
  return lines.filter((line) => line !== "").join("\n");
}

function fillLine(line: string, values: Record<string, Scalar>): string {
  const names = [...line.matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) =>
    name
  );
  if (names.length > 0 && names.every((name) => isMissing(values[name]))) {
    return "";
  }
  const filled = line.replace(
    /\{([^{}]+)\}/g,
    (_, name) => toText(values[name]) ?? "",
  );
  return filled.replace(/\s+/g, " ").trim();
}

function isMissing(value: Scalar): value is null | undefined | "" {
  return value === null || value === undefined || value === "";
}

/** An exact decimal number: `units` × 10^-`scale`. */
interface Decimal {
  units: bigint;
  scale: number;
}

function toDecimal(value: Scalar): Decimal | undefined {
  if (isMissing(value)) return undefined;
  const match = /^\s*([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?\s*$/i.exec(
    String(value),
  );
  const [, sign, whole = "", fraction = "", exponent = "0"] = match ?? [];
  if (!match || whole + fraction === "" || Math.abs(Number(exponent)) > 300) {
    throw new InvalidValue(value, "a number");
  }
  const units = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  return { units, scale: fraction.length - Number(exponent) };
}

function rounded({ units, scale }: Decimal, digits: number): Decimal {
  if (scale <= digits) return { units, scale };
  const unit = 10n ** BigInt(scale - digits);
  const size = units < 0n ? -units : units;
  const nearest = (size + unit / 2n) / unit;
  return { units: units < 0n ? -nearest : nearest, scale: digits };
}

function toFloat({ units, scale }: Decimal): number {
  return Number(`${units}e${-scale}`);
}
