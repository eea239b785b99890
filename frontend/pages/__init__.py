"""What pages show, as plain objects made from named reads; templates only print them."""

from frontend.pages.around import site

__all__ = ["site"]
