"""What an integration asks of a system: the operations of its API as methods of a client."""
