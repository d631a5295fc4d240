"""Galleries: folders of items that are searched by text, motion, scene or two of them."""

from monster.gallery.encoder import Encoder
from monster.gallery.gallery import Gallery
from monster.gallery.writer import AddReport

__all__ = ["AddReport", "Encoder", "Gallery"]
