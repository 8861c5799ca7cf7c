"""Exchange: lists that come in from municipalities."""
