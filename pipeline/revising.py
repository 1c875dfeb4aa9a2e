"""What becomes of a message that a person edits after sending it."""

from pipeline.integration import Integration, Message


def revise(integration: Integration, message_id: str, new: Message) -> None:
    """Put the new words where the old ones stand, or after them where those were read already.

    The request is replaced: all that follows from it is made anew, and asked again where it
    differs. A message that Weft does not know was not for Weft, and stays so.
    """
    request, messages = integration.request, integration.messages
    if message_id == request.id and new.actor == request.actor:
        integration.request = request.model_copy(update={"text": new.text})
        if integration.status == "out-of-scope":
            integration.status = "active"
        return
    place = next((n for n, item in enumerate(messages) if item.id == message_id), None)
    if place is None or messages[place].actor != new.actor:
        return
    if place < integration.messages_read:
        integration.messages = [*messages, new]
        return
    corrected = messages[place].model_copy(update={"text": new.text})
    integration.messages = [*messages[:place], corrected, *messages[place + 1 :]]
