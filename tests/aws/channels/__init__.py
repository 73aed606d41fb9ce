"""Stand-ins for what people are told through.

Each checks what it is sent as strictly as what it stands for, and answers like it.

Whatever is accepted or refused is kept, to be asked for and to be looked at. See ../README.md.
"""
