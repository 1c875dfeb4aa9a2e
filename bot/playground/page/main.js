/** Puts the page together: the state, the stream that changes it, and the views that show it. */
import { announce, notify } from "./dom/announce.js";
import { fill } from "./dom/element.js";
import { mark } from "./dom/icons.js";
import { decode } from "./text/entities.js";
import { Modals } from "./views/modals.js";
import { unreadIn } from "./views/pane.js";
import { drawPeople } from "./views/people.js";
import { Places } from "./views/places.js";
import { drawSidebar } from "./views/sidebar.js";
import { api } from "./workspace/api.js";
import { onRoute, route, settle } from "./workspace/route.js";
import { placeOf, Workspace } from "./workspace/state.js";
import { follow } from "./workspace/stream.js";

const SEAT = "weft-playground-user";
const NARROW = matchMedia("(max-width: 47.99rem)");

class Page {
  /** @type {() => void} */
  #unfollow = () => {};
  #drawing = 0;

  /** @param {{ roles: Record<string, string>, examples: any[] }} welcome */
  constructor({ roles, examples }) {
    this.roles = roles;
    this.workspace = new Workspace();
    this.modals = new Modals(this.workspace);
    this.nav = byId("channels");
    this.app = byId("app");
    const frames = { main: byId("channel"), aside: byId("thread") };
    this.places = new Places(this.workspace, frames, examples);
    this.#listen();
  }

  async begin() {
    const seat = sessionStorage.getItem(SEAT) ?? undefined;
    const state = await api.state();
    this.workspace.begin(state);
    fill(byId("workspace"), mark(), state.workspace.name);
    const person = this.workspace.people().find(({ id }) => id === seat) ??
      this.workspace.people().find((user) => !user.is_bot);
    if (person) this.become(person.id);
  }

  /** @param {string} user */
  become(user) {
    sessionStorage.setItem(SEAT, user);
    this.#unfollow();
    this.places.clear();
    this.modals.reset([]);
    this.workspace.become(user);
    drawPeople(byId("people"), this.workspace, this.roles, (other) => this.become(other));
    this.#unfollow = follow(user, {
      reread: () => this.#reread(user),
      heard: (event) => this.#heard(event),
      connection: (connected) => this.#connected(connected),
    });
    this.#arrive();
  }

  /** @param {string} user */
  async #reread(user) {
    const { workspace } = this;
    workspace.begin(await api.state());
    const channels = workspace.myChannels().map(({ id }) => id);
    const all = await Promise.all(channels.map((id) => api.messages(id)));
    channels.forEach((id, position) => workspace.take(id, all[position].messages));
    this.modals.reset((await api.views(user)).views);
  }

  /** @param {Record<string, any>} event */
  #heard(event) {
    if (event.type === "modal_opened" || event.type === "modal_updated") {
      this.modals.show(event.view);
    } else if (event.type === "modal_closed") this.modals.hide(event.view_id);
    else this.workspace.apply(event);
  }

  /** @param {boolean} connected */
  #connected(connected) {
    this.app.dataset.connected = String(connected);
  }

  #listen() {
    const { workspace } = this;
    const redraw = () => this.#redraw();
    workspace.addEventListener("channels", redraw);
    workspace.addEventListener("messages", redraw);
    workspace.addEventListener(
      "typing",
      () => this.places.panes().forEach((pane) => pane.refreshTyping()),
    );
    workspace.addEventListener("arrived", (event) => {
      const { channel, message } = /** @type {CustomEvent} */ (event).detail;
      this.#arrived(channel, message);
    });
    onRoute(() => this.#arrive(NARROW.matches));
    document.querySelector(".skip")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.places.panes().at(-1)?.list.scroller.focus();
    });
    document.addEventListener("visibilitychange", redraw);
  }

  /** Several changes of one moment are drawn once. */
  #redraw() {
    cancelAnimationFrame(this.#drawing);
    clearTimeout(this.#timer);
    const draw = () => {
      this.places.refresh();
      this.#drawSidebar();
    };
    // A hidden page gets no frames, and is kept up to date all the same.
    if (document.hidden) this.#timer = setTimeout(draw, 100);
    else this.#drawing = requestAnimationFrame(draw);
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {string} channel
   * @param {import("./workspace/state.js").Message} message
   */
  #arrived(channel, message) {
    const place = placeOf(channel, message);
    const pane = this.places.panes().find((one) => one.place === place);
    const own = message.user === this.workspace.me;
    requestAnimationFrame(() => pane?.list.arrived(own));
    const only = message.ephemeral_to;
    if (pane && !own && (!only || only === this.workspace.me)) {
      announce(
        `${this.workspace.userName(message.user)}: ${decode(message.text ?? "").slice(0, 300)}`,
      );
    }
  }

  /**
   * Shows what the address names. Without a channel in it that is the first one, or on a phone,
   * where one goes back to it, the list of channels.
   */
  #arrive(listing = false) {
    const { workspace } = this;
    const asked = route();
    const channels = workspace.myChannels();
    const known = channels.some(({ id }) => id === asked.channel);
    if (!known && channels.length > 0 && !(listing && !asked.channel)) {
      settle(channels.find(({ id }) => workspace.botIsIn(id))?.id ?? channels[0].id);
      this.#arrive();
      return;
    }
    this.app.dataset.pane = asked.thread ? "thread" : asked.channel ? "channel" : "channels";
    this.places.show(asked);
    this.#drawSidebar();
  }

  #drawSidebar() {
    const { workspace } = this;
    drawSidebar(this.nav, workspace, route().channel);
    const channels = workspace.myChannels();
    const unread = channels.reduce((sum, { id }) => sum + unreadIn(workspace, id), 0);
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${workspace.name}`;
  }
}

/** @param {string} id */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

try {
  const welcome = await (await fetch("./welcome.json")).json();
  await new Page(welcome).begin();
} catch (error) {
  notify(/** @type {Error} */ (error).message);
}
