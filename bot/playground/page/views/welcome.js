/** What an empty channel offers: examples to begin with where Weft is, a sentence where it isn't. */
import { element } from "../dom/element.js";
import { mark } from "../dom/icons.js";

/** @typedef {{ title: string, about: string, text: string }} Example */

/**
 * @param {Example[]} examples
 * @param {(text: string) => void} choose puts the text into the composer
 */
export function welcome(examples, choose) {
  const chips = examples.map(({ title, about, text }) =>
    element(
      "button",
      { type: "button", class: "example", onclick: () => choose(text) },
      element("strong", {}, title),
      element("span", {}, about),
      element("q", {}, text.replace(/^@weft /, "")),
    )
  );
  return element(
    "section",
    { class: "welcome", "aria-label": "Examples" },
    mark(),
    element("h2", {}, "Build a data integration in a thread"),
    element(
      "p",
      {},
      "Mention @weft with what should move where. It researches both APIs, proposes a plan, and " +
        "asks before it sets anything up. This workspace runs on your machine alone, against " +
        "mock systems.",
    ),
    element("div", { class: "examples" }, ...chips),
  );
}

export function emptyChannel() {
  return element(
    "section",
    { class: "welcome" },
    element("p", {}, "Nothing was said here yet, and Weft is not in this channel."),
  );
}
