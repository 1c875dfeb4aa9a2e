/** The playground's own requests. A refusal becomes an Error whose message is a sentence. */

const ROOT = "/playground";

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
async function request(path, options) {
  let response;
  try {
    response = await fetch(`${ROOT}/${path}`, options);
  } catch {
    throw new Error("The playground does not answer. Is it still running?");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(body.error ?? `The playground answered ${response.status}.`);
  }
  return body;
}

/**
 * @param {string} path
 * @param {object} body
 */
function post(path, body) {
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** @typedef {{ name: string, content: string, encoding: "base64" }} Attachment */
/** @typedef {{ user: string, channel: string }} Place */

export const api = {
  /** @param {string} [user] */
  state: (user) => request(`state${user ? `?user=${encodeURIComponent(user)}` : ""}`),

  /** @param {string} channel */
  messages: (channel) => request(`channels/${encodeURIComponent(channel)}/messages`),

  /** @param {string} user */
  views: (user) => request(`views?user=${encodeURIComponent(user)}`),

  /** @param {Place & { text: string, thread_ts?: string, files?: Attachment[] }} message */
  send: (message) => post("messages", message),

  /** @param {Place & { ts: string, text: string }} change */
  edit: (change) => post("messages/edit", change),

  /** @param {Place & { ts: string }} message */
  remove: (message) => post("messages/delete", message),

  /** @param {Place & { command: string, text: string }} command */
  command: (command) => post("commands", command),

  /** @param {Place & { ts: string, name: string }} reaction */
  react: (reaction) => post("reactions", reaction),

  /** @param {Record<string, any>} action */
  act: (action) => post("actions", action),

  /**
   * Answers with `errors` by block_id where the form was not taken.
   * @param {{ user: string, view_id: string, values: object }} form
   */
  submit: (form) => post("views/submit", form),

  /** @param {{ user: string, view_id: string }} view */
  closeView: (view) => post("views/close", view),

  /** @param {string} id */
  fileAddress: (id) => `${ROOT}/files/${encodeURIComponent(id)}`,

  /** @param {string} id */
  async fileText(id) {
    const response = await fetch(api.fileAddress(id));
    if (!response.ok) throw new Error("This file is gone.");
    return await response.text();
  },

  /** @param {string} user */
  stream: (user) => new EventSource(`${ROOT}/stream?user=${encodeURIComponent(user)}`),
};
