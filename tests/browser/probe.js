// What look.py asks the page. Each probe returns plain data; look.py judges.
globalThis.probe = (() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const squeeze = (text) => text.replace(/\s+/g, " ").trim();
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const text = squeeze(element.textContent || "").slice(0, 40);
    return `<${element.localName}${id}>${text ? ` "${text}"` : ""}`;
  };
  const shown = (element) => element.checkVisibility() && element.getClientRects().length > 0;

  // Any colour that CSS knows, as red, green, blue and alpha.
  const known = new Map();
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = (css) => {
    if (!known.has(css)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = css;
      brush.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
      known.set(css, [r, g, b, a / 255]);
    }
    return known.get(css);
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((part, i) => part * a + below[i] * (1 - a));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => {
      const c = part / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      layers.push(colour(getComputedStyle(at).backgroundColor));
    }
    const dark = matchMedia("(prefers-color-scheme: dark)").matches && matchMedia("screen").matches;
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    const canvas = dark && scheme.includes("dark") ? [18, 18, 18] : [255, 255, 255];
    return layers.reduceRight((below, layer) => over(layer, below), canvas);
  };
  const opacity = (element) => {
    let all = 1;
    for (let at = element; at; at = at.parentElement) all *= Number(getComputedStyle(at).opacity);
    return all;
  };
  // What is painted under a text of a chart: a shape, or what the chart lies on.
  const under = (text) => {
    text.scrollIntoView({ block: "center" });
    const box = text.getBoundingClientRect();
    const svg = text.closest("svg");
    const stack = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const shape = stack.find((it) => it !== text && it !== svg && svg.contains(it) && !it.closest("text")
      && !["none", ""].includes(getComputedStyle(it).fill) && !["g", "defs"].includes(it.localName));
    const below = ground(svg);
    if (!shape) return below;
    const fill = getComputedStyle(shape).fill;
    return fill.startsWith("url") ? below : over(colour(fill), below);
  };

  return {
    openAll() { all("details").forEach((it) => { it.open = true; }); },
    closeAll() { all("details").forEach((it) => { it.open = false; }); scrollTo(0, 0); },

    numbers() {
      return all("[data-n]").map((it) => ({
        pointer: it.dataset.n, as: it.dataset.as || "count", text: squeeze(it.textContent), where: name(it),
        // How far it reaches: its width, or where it is beside where the axis begins.
        length: it.dataset.as !== "length" ? null
          : Math.abs(Number(it.getAttribute(it.dataset.along || "width")) - Number(it.dataset.base || 0)),
        scale: it.dataset.scale || "linear",
        chart: it.closest("svg") ? all("svg").indexOf(it.closest("svg")) : null,
      }));
    },

    // Texts that are a bare number and say of themselves nowhere what number of the JSON they are.
    bare() {
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const bare = [];
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const at = node.parentElement;
        if (/^[\d.,\s]*\d\s*%?$/.test(node.data) && !at.closest("[data-n], [aria-hidden=true], style, script, code, .text")) {
          bare.push(name(at));
        }
      }
      return bare;
    },

    structure() {
      const ids = all("[id]").map((it) => it.id);
      const skip = document.querySelector("a[href], button, summary, input, [tabindex]");
      return {
        lang: document.documentElement.lang,
        title: squeeze(document.title),
        viewport: !!document.querySelector("meta[name=viewport]"),
        policy: document.querySelector("meta[http-equiv='Content-Security-Policy' i]")?.content ?? "",
        main: all("main").length, header: all("body > header").length, footer: all("body > footer").length,
        skip: skip?.getAttribute("href") ?? "",
        skipTo: !!(skip?.getAttribute("href")?.startsWith("#") && document.getElementById(skip.getAttribute("href").slice(1))),
        headings: all("h1, h2, h3, h4, h5, h6").map((it) => [Number(it.localName[1]), squeeze(it.textContent)]),
        twice: ids.filter((id, i) => ids.indexOf(id) !== i),
        dangling: all("[aria-labelledby], [aria-describedby]").flatMap((it) =>
          `${it.getAttribute("aria-labelledby") ?? ""} ${it.getAttribute("aria-describedby") ?? ""}`.split(" ")
            .filter((id) => id && !document.getElementById(id)).map((id) => `${name(it)} names #${id}`)),
        links: all("a[href^='#']").map((it) => it.getAttribute("href").slice(1)).filter((id) => !document.getElementById(id)),
        tables: all("table").length,
        nameless: all("table").filter((it) => !it.caption && !it.getAttribute("aria-label") && !it.getAttribute("aria-labelledby")).map(name),
        scopeless: all("th").filter((it) => !["col", "row", "colgroup", "rowgroup"].includes(it.getAttribute("scope"))).map(name),
        charts: all("svg:not([aria-hidden=true])").map((it) => ({
          where: name(it), role: it.getAttribute("role"),
          title: squeeze(it.querySelector(":scope > title")?.textContent ?? ""),
          desc: squeeze(it.querySelector(":scope > desc")?.textContent ?? ""),
          table: !!it.closest("figure")?.querySelector("details table"),
        })),
      };
    },

    hostile(texts) {
      const found = document.body.textContent + all("*").flatMap((it) => [...it.attributes].map((a) => a.value)).join("\n");
      const plain = squeeze(found);
      return {
        alerts: globalThis.alerts ?? 0,
        elements: all("script, iframe, frame, img, object, embed, form, input, base, link, video, audio, math, foreignObject, template, plaintext")
          .concat(all("*").filter((it) => it instanceof HTMLUnknownElement), all("style").slice(1)).map(name),
        handlers: all("*").flatMap((it) => [...it.attributes].filter((a) => a.name.startsWith("on")).map((a) => `${name(it)} has ${a.name}`)),
        addresses: all("[href], [src], [action]").map((it) => it.getAttribute("href") ?? it.getAttribute("src") ?? it.getAttribute("action"))
          .filter((to) => !/^(#|https:\/\/)/.test(to)),
        hidden: [...found].some((c) => /[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/.test(c) && c !== "\r"),
        missing: texts.filter((text) => !plain.includes(text)),
      };
    },

    overflow() {
      const width = document.documentElement.clientWidth;
      const scrolls = (it) => {
        for (let at = it; at && at !== document.body; at = at.parentElement) {
          if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(at).overflowX)) return true;
        }
        return false;
      };
      const wide = all("body *").filter((it) => shown(it) && it.getBoundingClientRect().right > width + 1
        && !scrolls(it) && !it.closest("svg *"));
      return { width, needs: document.documentElement.scrollWidth, wide: wide.slice(0, 5).map(name) };
    },

    // Every text that can be read, with how well it stands out.
    contrast() {
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const seen = [];
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const at = node.parentElement;
        if (!squeeze(node.data) || at.closest("style, script, title, desc, defs") || !shown(at)) continue;
        const style = getComputedStyle(at);
        const drawn = at.closest("svg") !== null;
        const below = drawn ? under(at) : ground(at);
        const [r, g, b, a] = colour(drawn ? style.fill : style.color);
        seen.push([contrast(over([r, g, b, a * opacity(at)], below), below), name(at)]);
      }
      return seen;
    },

    // Every shape that stands for a number: by its fill or by its line.
    shapes() {
      return all("svg [data-n]").filter((it) => !["text", "tspan"].includes(it.localName) && shown(it)).map((it) => {
        const style = getComputedStyle(it);
        const below = ground(it.closest("svg"));
        const sharp = [style.fill, style.stroke].filter((css) => css !== "none" && !css.startsWith("url"))
          .map((css) => contrast(over(colour(css), below), below));
        return [Math.max(0, ...sharp), name(it)];
      });
    },

    focusables() {
      return all("a[href], button, summary, input, select, textarea, [tabindex]:not([tabindex='-1'])").filter(shown).length;
    },
    startAtTop() { document.activeElement?.blur(); scrollTo(0, 0); getSelection().removeAllRanges(); },
    focused() {
      const it = document.activeElement;
      if (!it || it === document.body || it === document.documentElement) return null;
      const style = getComputedStyle(it);
      const box = it.getBoundingClientRect();
      const line = colour(style.outlineColor);
      const below = ground(it.parentElement);
      return {
        where: name(it), at: all("*").indexOf(it),
        ring: style.outlineStyle !== "none" ? parseFloat(style.outlineWidth) : 0,
        contrast: contrast(over(line, below), below),
        inside: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight,
      };
    },

    motion() {
      const long = (times) => times.split(",").some((time) => parseFloat(time) > 0.01);
      return all("*").filter((it) => {
        const style = getComputedStyle(it);
        return long(style.transitionDuration) || (style.animationName !== "none" && long(style.animationDuration))
          || style.scrollBehavior === "smooth";
      }).map(name);
    },

    print() {
      return {
        ground: ground(document.body),
        closed: all("details").filter((it) => !it.open).length,
        lost: all("details table").filter((it) => !shown(it)).map(name),
      };
    },
  };
})();
