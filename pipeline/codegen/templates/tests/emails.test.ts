import assert from "node:assert/strict";
import { type Email, encodedEmail } from "./emails.ts";

function sent(email: Email): string {
  return atob(encodedEmail(email).replaceAll("-", "+").replaceAll("_", "/"));
}

function decoded(text: string): string {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

Deno.test("an email has its headers, and its text in base64", () => {
  const message = sent({
    to: "ann@example.com",
    subject: "Hi",
    text: "Grüße 🧵",
  });
  const [headers = "", body = ""] = message.split("\r\n\r\n");
  assert.match(
    headers,
    /^To: ann@example.com\r\nSubject: Hi\r\nMIME-Version: 1.0\r\n/,
  );
  assert.equal(decoded(body), "Grüße 🧵");
});

Deno.test("no text can add a header", () => {
  const message = sent({
    to: "a@example.com",
    subject: "Hi\r\nBcc: b@example.com",
    text: "",
  });
  assert.ok(!/^Bcc/m.test(message), message);
});

Deno.test("what is not ASCII is encoded, and an address stays as it is", () => {
  const message = sent({
    to: '"Zoë" <zoe@example.com>, b@example.com',
    subject: "東京".repeat(20),
  });
  assert.match(
    message,
    /^To: =\?UTF-8\?B\?Wm\/Dqw==\?= <zoe@example.com>, b@example.com\r\n/,
  );
  const words = message.match(/=\?UTF-8\?B\?([^?]*)\?=/g)!.slice(1);
  assert.equal(
    words.map((one) => decoded(one.slice(10, -2))).join(""),
    "東京".repeat(20),
  );
  assert.ok(words.every((word) => word.length <= 75));
});

Deno.test("text and HTML are two parts of one email", () => {
  const message = sent({ to: "a@example.com", text: "Hi", html: "<b>Hi</b>" });
  assert.match(message, /multipart\/alternative/);
  assert.equal(message.match(/^Content-Type: text/gm)?.length, 2);
});
