"""The Web API: each module holds the methods of one family with their arguments."""
