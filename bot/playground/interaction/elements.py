"""What an interactive element yields when a person uses it: an action, or a value of a form."""

from typing import Any

from bot.playground.errors import PlaygroundError

_FIELDS = {
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
    "rich_text_input": "rich_text_value",
}
_INITIAL = {
    "static_select": "initial_option",
    "radio_buttons": "initial_option",
    "multi_static_select": "initial_options",
    "checkboxes": "initial_options",
    "users_select": "initial_user",
    "multi_users_select": "initial_users",
    "channels_select": "initial_channel",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "datetimepicker": "initial_date_time",
}


def field_of(element: dict[str, Any]) -> str:
    """Under which name Slack sends what was chosen in, or typed into, this element."""
    return _FIELDS.get(element["type"], "value")


def state_value(element: dict[str, Any], given: Any) -> dict[str, Any]:
    """The element's entry in state.values; `given` is a plain value or already such an entry."""
    name = field_of(element)
    if isinstance(given, dict) and name in given:
        given = given[name]
    if name in ("selected_option", "selected_options"):
        given = _chosen(element, given)
    return {"type": element["type"], name: given if given != "" else None}


def initial_value(element: dict[str, Any]) -> dict[str, Any]:
    """The entry of an element that nobody has touched."""
    given = element.get(_INITIAL.get(element["type"], "initial_value"))
    several = element["type"] in ("checkboxes", "multi_static_select", "multi_users_select")
    return {"type": element["type"], field_of(element): [] if several and given is None else given}


def action(
    element: dict[str, Any], block_id: str, given: dict[str, Any], action_ts: str
) -> dict[str, Any]:
    """One entry of `actions` in block_actions."""
    entry: dict[str, Any] = {
        "type": element["type"],
        "block_id": block_id,
        "action_id": element["action_id"],
        "action_ts": action_ts,
    }
    for kept in ("text", "value", "style", "url", "placeholder", "confirm"):
        if kept in element and kept != field_of(element):
            entry[kept] = element[kept]
    if element["type"] in ("button", "icon_button"):
        return entry | ({"value": element["value"]} if "value" in element else {})
    if element["type"] == "feedback_buttons":
        return entry | {"value": _feedback(element, given.get("value"))}
    value = given.get(field_of(element), given.get("value"))
    return entry | state_value(element, value)


def _feedback(element: dict[str, Any], value: Any) -> str:
    values = [element[side]["value"] for side in ("positive_button", "negative_button")]
    if value not in values:
        raise PlaygroundError("This choice is not offered here.")
    return str(value)


def _chosen(element: dict[str, Any], given: Any) -> Any:
    """Options as they stand in the element: Slack never sends one that wasn't offered."""
    if given in (None, ""):
        return None
    if isinstance(given, list):
        return [_option(element, item) for item in given]
    return _option(element, given)


def _option(element: dict[str, Any], given: Any) -> dict[str, Any]:
    value = given.get("value") if isinstance(given, dict) else given
    groups = [element.get("options") or []]
    groups += [group["options"] for group in element.get("option_groups") or []]
    for option in (option for group in groups for option in group):
        if option["value"] == value:
            return dict(option)
    raise PlaygroundError("This choice is not offered here.")
