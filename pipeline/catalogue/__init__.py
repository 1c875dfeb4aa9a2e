"""What Weft knows about systems and their APIs: general code over one data folder a system."""
