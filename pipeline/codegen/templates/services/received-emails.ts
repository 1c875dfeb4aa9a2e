import { valueAt } from "./records.ts";

/** A part of an email, as an API reads it out: its body is in base64url. */
interface Part {
  mimeType?: string;
  /** Of an attachment. */
  filename?: string;
  headers?: { name: string; value: string }[];
  body?: { data?: string };
  parts?: Part[];
}

/** The records with what their email says; its outermost part and its time stand at these paths. */
export function withEmails<T extends object>(
  records: readonly T[],
  path: readonly string[],
  received: readonly string[],
): T[] {
  return records.map((record) => {
    const email = (valueAt(record, path) ?? {}) as Part;
    return {
      ...record,
      from: header(email, "From"),
      to: header(email, "To"),
      cc: header(email, "Cc"),
      bcc: header(email, "Bcc"),
      reply_to: header(email, "Reply-To"),
      subject: header(email, "Subject"),
      text: body(email, "text/plain"),
      html: body(email, "text/html"),
      received_at: time(valueAt(record, received)),
    };
  });
}

function header(part: Part, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return part.headers?.find((one) => one.name.toLowerCase() === wanted)?.value;
}

/** The first body of this type that is no attachment. */
function body(part: Part, type: string): string | undefined {
  if (part.mimeType === type && !part.filename && part.body?.data) {
    return decoded(part.body.data, header(part, "Content-Type"));
  }
  for (const inner of part.parts ?? []) {
    const found = body(inner, type);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Text that is UTF-8, or else in the character set that its header names. */
function decoded(data: string, contentType = ""): string {
  const binary = atob(data.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (one) => one.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const named = /charset="?([\w-]+)/i.exec(contentType)?.[1];
    return new TextDecoder(isKnown(named) ? named : "latin1").decode(bytes);
  }
}

function isKnown(label: string | undefined): label is string {
  try {
    return label !== undefined && new TextDecoder(label).encoding !== "";
  } catch {
    return false;
  }
}

function time(milliseconds: unknown): string | undefined {
  const value = Number(milliseconds ?? NaN);
  return Number.isNaN(value) ? undefined : new Date(value).toISOString();
}
