"""What people are told through: the stand-ins for chat, tickets, webhooks and models. Started by up.py: `serve_channels.py FD`."""

from __future__ import annotations

import serving
from channels.app import Channels

if __name__ == "__main__":
    serving.run(Channels())
