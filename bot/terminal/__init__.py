"""The thread as it reads in a terminal."""
