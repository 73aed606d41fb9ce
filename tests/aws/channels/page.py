"""What each channel got, as a page: to be looked at, and for the pictures in the documentation."""

from __future__ import annotations

from html import escape

from channels.exchange import Service

STYLE = """
:root { color-scheme: light dark; --line: #d8dbe0; --dim: #5e6570; --paper: #fff; --ground: #f3f4f6; --ink: #1d2025; --link: #0b5cad }
@media (prefers-color-scheme: dark) {
 :root { --line: #3a3f47; --dim: #a2a9b4; --paper: #1c1f24; --ground: #131519; --ink: #e8eaed; --link: #7db8f5 } }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 46rem; margin: auto } h1 { font-size: 1.3rem } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem }
h3, h4, h5, h6 { font-size: 1.05rem; margin: .3rem 0; overflow-wrap: anywhere } p { margin: .3rem 0; overflow-wrap: anywhere }
a { color: var(--link) } small, .context, .none { color: var(--dim) } .context { font-size: .85rem; overflow-wrap: anywhere }
article { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; margin: .6rem 0 }
.who { color: var(--dim); font-size: .9rem } .who b { color: var(--ink) }
.app { font-size: .65rem; background: var(--line); border-radius: 3px; padding: 0 .25rem }
.reply, .comment { border-left: 3px solid var(--line); margin: .6rem 0 0 .4rem; padding-left: .8rem }
.section { display: flex; gap: 1rem; justify-content: space-between } .section > div { min-width: 0; flex: 1 }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: .2rem 1rem; margin: .3rem 0; overflow-wrap: anywhere }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; margin: .4rem 0 } .context span + span { margin-left: .6rem }
.button { border: 1px solid var(--line); border-radius: 5px; padding: .2rem .7rem; color: var(--ink); font-weight: 600 }
.actions a, .section a { text-decoration: none } .button.primary { border-color: #1f7a55 } .button.danger { border-color: #c0392b }
.dot { display: inline-block; width: 1.05em; height: 1.05em; border-radius: 50%; vertical-align: -.15em; color: #fff }
.dot { font-size: .8em; font-weight: 700; line-height: 1.05em; text-align: center; background: #8a919c }
.dot.red { background: #c9302c } .dot.orange { background: #e07b12 } .dot.yellow { background: #b98900 }
.dot.green { background: #1f7a55 } .dot.blue { background: #0b5cad }
.mention { background: #fbe9b0; color: #7a5200; border-radius: 3px; padding: 0 .2rem }
.label, .status { border-radius: 3px; padding: 0 .4rem; font-size: .75rem; margin-left: .3rem; background: var(--line); color: var(--ink) }
.status { font-weight: 600 } .status.done, .status.s4, .status.green { background: #cdebd8; color: #14532d }
.status.red { background: #f8d0cb; color: #7c1d12 } .status.yellow { background: #fbe9b0; color: #6b4a00 }
.panel { border-radius: 5px; padding: .4rem .8rem; margin: .4rem 0; background: var(--ground); border-left: 4px solid var(--dim) }
.panel.error { border-color: #c0392b } .panel.warning { border-color: #d08700 } .panel.success { border-color: #1f7a55 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--ground); padding: .5rem .7rem; border-radius: 5px; font-size: .85rem }
code { background: var(--ground); border-radius: 3px; padding: 0 .2rem; overflow-wrap: anywhere }
blockquote { margin: .3rem 0; border-left: 3px solid var(--line); padding-left: .7rem }
table { border-collapse: collapse } td, th { border: 1px solid var(--line); padding: .1rem .5rem; text-align: left; vertical-align: top }
hr { border: 0; border-top: 1px solid var(--line) } ul, ol { margin: .3rem 0; padding-left: 1.4rem }
"""


def whole(title: str, services: list[Service]) -> str:
    sections = "".join(section(one) for one in services)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(title)}</title><style>{STYLE}</style><main><h1>{escape(title)}</h1>{sections}</main></html>"
    )


def section(service: Service) -> str:
    shown = service.page() or "<p class=none>Nothing came.</p>"
    return f"<section id={service.name}><h2>{escape(service.title)}</h2>{shown}</section>"
