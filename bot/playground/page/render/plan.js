/** Progress: a plan of tasks, or one task. A task that did not change keeps its node. */
import { element, fill } from "../dom/element.js";
import { icon } from "../dom/icons.js";
import { keepInStep } from "../dom/keyed.js";
import { richText } from "../text/rich_text.js";
import { appearance } from "./appearance.js";
import { anchor, flow } from "./markup.js";

/** @typedef {import("./host.js").Block} Block */
/** @typedef {import("./host.js").Host} Host */

const SAID = /** @type {const} */ ({
  pending: "waiting",
  in_progress: "working",
  complete: "done",
  error: "failed",
});

/**
 * @param {Block} block
 * @param {Host} host
 */
export function plan(block, host) {
  const drawn = element(
    "section",
    { class: "plan", "aria-label": block.title },
    element("div", { class: "plan-title" }),
    element("ol", { class: "tasks" }),
  );
  changePlan(drawn, block, host);
  return drawn;
}

/**
 * The same plan with what has happened since.
 * @param {HTMLElement} drawn
 * @param {Block} block
 * @param {Host} host
 */
export function changePlan(drawn, block, host) {
  const [title, list] = [...drawn.children];
  const tasks = block.tasks ?? [];
  const done = tasks.filter((/** @type {Block} */ task) => task.status === "complete").length;
  fill(
    title,
    element("strong", {}, block.title),
    tasks.length > 0 &&
      element("span", { class: "count" }, `${done} of ${tasks.length}`),
  );
  keepInStep(list, tasks, {
    key: (/** @type {Block} */ task) => task.task_id,
    shown: appearance,
    create: (task) => element("li", {}, taskCard(task, host)),
  });
}

/**
 * @param {Block} task
 * @param {Host} host
 */
export function taskCard(task, { names }) {
  const said = SAID[/** @type {keyof typeof SAID} */ (task.status)] ?? task.status;
  const texts = [task.details, task.output].filter(Boolean).map((text) =>
    element("div", { class: "task-text text" }, ...flow(richText(text.elements), names))
  );
  const sources = (task.sources ?? []).map((/** @type {Block} */ source) =>
    anchor(source.url, [source.text])
  );
  return element(
    "div",
    { class: `task-card ${said}` },
    element("span", { class: "task-status", role: "img", "aria-label": said }, sign(task.status)),
    element(
      "div",
      { class: "task-body" },
      element("span", { class: "task-title" }, task.title),
      ...texts,
      sources.length > 0 && element("div", { class: "sources" }, ...sources),
    ),
  );
}

/** @param {string} status */
function sign(status) {
  if (status === "complete") return icon("check");
  if (status === "error") return icon("close");
  return element("span", { class: status === "in_progress" ? "spinner" : "dot" });
}
