/** Who one is: a menu of the people whose place one can take, with what each of them does. */
import { element, fill } from "../dom/element.js";
import { icon } from "../dom/icons.js";
import { menu } from "../dom/menu.js";
import { avatar } from "./avatar.js";

/**
 * @param {HTMLElement} corner
 * @param {import("../workspace/state.js").Workspace} workspace
 * @param {Record<string, string>} roles by the person's handle
 * @param {(user: string) => void} become
 */
export function drawPeople(corner, workspace, roles, become) {
  const me = workspace.users.get(workspace.me);
  const choices = () =>
    workspace.people().filter((user) => !user.is_bot).map((user) => ({
      checked: user.id === workspace.me,
      label: [
        avatar(user),
        element(
          "span",
          { class: "person" },
          element("strong", {}, user.real_name),
          element("small", {}, roles[user.name] ?? user.role),
        ),
      ],
      choose: () => become(user.id),
    }));
  fill(
    corner,
    menu(
      { class: "who", "aria-label": `You are ${me?.real_name}. Switch person` },
      [avatar(me), element("span", { class: "who-name" }, me?.real_name), icon("down")],
      choices,
    ),
  );
}
