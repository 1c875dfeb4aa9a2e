import assert from "node:assert/strict";
import { withEmails } from "./received-emails.ts";

interface Message {
  id: string;
  from?: string;
  subject?: string;
  text?: string;
  html?: string;
  received_at?: string;
}

function read(payload: unknown, time?: string): Message {
  const message = { id: "1", payload, internalDate: time } as Message;
  return withEmails([message], ["payload"], ["internalDate"])[0]!;
}

function encoded(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join(
    "",
  );
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(
    /=+$/,
    "",
  );
}

function part(mimeType: string, text: string, filename = ""): object {
  return {
    mimeType,
    filename,
    body: { data: encoded(new TextEncoder().encode(text)) },
  };
}

Deno.test("headers are found whatever their case, and the time is ISO 8601", () => {
  const headers = [{ name: "FROM", value: "Zoë <zoe@example.com>" }, {
    name: "Subject",
    value: "Hi",
  }];
  const message = read(
    { ...part("text/plain", "Grüße 🧵"), headers },
    "1700000000000",
  );
  assert.equal(message.from, "Zoë <zoe@example.com>");
  assert.equal(message.subject, "Hi");
  assert.equal(message.text, "Grüße 🧵");
  assert.equal(message.received_at, "2023-11-14T22:13:20.000Z");
});

Deno.test("bodies are found in nested parts; an attachment is none", () => {
  const message = read({
    mimeType: "multipart/mixed",
    parts: [
      part("text/plain", "attached", "notes.txt"),
      {
        mimeType: "multipart/alternative",
        parts: [part("text/plain", "plain"), part("text/html", "<p>html</p>")],
      },
    ],
  });
  assert.equal(message.text, "plain");
  assert.equal(message.html, "<p>html</p>");
});

Deno.test("a body that is no UTF-8 is read in its own character set", () => {
  const data = encoded(new Uint8Array([0xe9, 0x74, 0xe9]));
  for (
    const type of [
      "text/plain; charset=iso-8859-1",
      "text/plain; charset=nobody",
    ]
  ) {
    const headers = [{ name: "Content-Type", value: type }];
    assert.equal(
      read({ mimeType: "text/plain", headers, body: { data } }).text,
      "été",
    );
  }
});

Deno.test("what a message lacks is missing", () => {
  const message = read(undefined);
  assert.equal(message.text, undefined);
  assert.equal(message.received_at, undefined);
});
