"""Posts what waits in the outbox, in order, each reply once; an edit goes where its first went."""

from pipeline.ports import Announcer, IntegrationStore


def post_pending(
    store: IntegrationStore, announcer: Announcer, integration_id: str | None = None
) -> int:
    """Post all that waits (of one integration); gives how many replies were posted."""
    count = 0
    while postings := store.unposted(integration_id):  # the store offers a few at a time
        for posting in postings:
            integration = store.get(posting.integration_id)
            place = store.message_ref(posting.integration_id, posting.reply.key)
            shown = announcer.post(integration, posting.reply, place, again=posting.offered_before)
            store.mark_posted(posting.number, shown)
        count += len(postings)
    return count
