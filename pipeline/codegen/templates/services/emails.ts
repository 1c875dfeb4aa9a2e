/** What an email is made of; several addresses are separated by commas. */
export interface Email {
  to?: string;
  cc?: string;
  bcc?: string;
  reply_to?: string;
  subject?: string;
  text?: string;
  html?: string;
}

const LINE_LENGTH = 76;
const WORD_BYTES = 45; // of a header's encoded word, which has at most 75 characters

/** The email as RFC 5322 wants it, in base64url. */
export function encodedEmail(email: Email): string {
  const headers = [
    ["To", addresses(email.to)],
    ["Cc", addresses(email.cc)],
    ["Bcc", addresses(email.bcc)],
    ["Reply-To", addresses(email.reply_to)],
    ["Subject", plain(email.subject ?? "")],
    ["MIME-Version", "1.0"],
  ].flatMap(([name, value]) => value ? [`${name}: ${value}`] : []);
  const message = [...headers, content(email)].join("\r\n");
  return base64(message).replaceAll("+", "-").replaceAll("/", "_").replace(
    /=+$/,
    "",
  );
}

/** Plain text, HTML, or both, of which a reader shows the last that it can. */
function content({ text, html }: Email): string {
  if (html === undefined) return part("plain", text ?? "");
  if (text === undefined) return part("html", html);
  const boundary = "the-next-part";
  const parts = [part("plain", text), part("html", html)];
  return [
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    "",
    ...parts.map((one) => `--${boundary}\r\n${one}`),
    `--${boundary}--`,
  ].join("\r\n");
}

function part(kind: "plain" | "html", body: string): string {
  const lines = base64(body).match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ??
    [];
  return [
    `Content-Type: text/${kind}; charset=utf-8`,
    "Content-Transfer-Encoding: base64",
    "",
    ...lines,
  ].join("\r\n");
}

/** Text on one line, so that nobody can add a header; in encoded words where it is not ASCII. */
function plain(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return /^[\x20-\x7e]*$/.test(line) ? line : words(line);
}

/** Addresses on one line; of `Zoë <zoe@example.com>`, only the name may be in encoded words. */
function addresses(list: string | undefined): string {
  return (list ?? "").replace(/\s+/g, " ").trim().replace(
    /"?([^<>,"]*[^\x20-\x7e][^<>,"]*)"?\s*(?=<)/g,
    (_, name: string) => ` ${words(name.trim())} `,
  ).trim();
}

/** Encoded words (RFC 2047); a character is never cut in two. */
function words(text: string): string {
  const found: string[] = [""];
  for (const character of text) {
    const longer = `${found.at(-1)}${character}`;
    if (new TextEncoder().encode(longer).length <= WORD_BYTES) {
      found[found.length - 1] = longer;
    } else found.push(character);
  }
  return found.map((one) => `=?UTF-8?B?${base64(one)}?=`).join(" ");
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
