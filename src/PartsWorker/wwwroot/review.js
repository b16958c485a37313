// Keys and selection of the page Review: what must show at once, or must never be taken for another image's decision.
const isTyping = target => target.closest?.("input, textarea, select") != null;
const isLetter = key => key.length === 1 && key.trim() !== "";

// Listens until Blazor has removed the page.
function listen(root, type, handle) {
    const on = event => root.isConnected ? handle(event) : document.removeEventListener(type, on);
    document.addEventListener(type, on);
}

const rank = (name, text) => {
    const at = name.indexOf(text);
    return at < 0 ? -1 : name === text ? 0 : at === 0 ? 1 : /[\s\-_/.]/.test(name[at - 1]) ? 2 : 3;
};

export function matches(classes, text, count = 10) {
    const wanted = text.trim().toLowerCase();
    return wanted === "" ? [] : classes
        .map((name, order) => ({ name, order, rank: rank(name.toLowerCase(), wanted) }))
        .filter(match => match.rank >= 0)
        .sort((a, b) => a.rank - b.rank || a.order - b.order)
        .slice(0, count)
        .map(match => match.name);
}

// The field for any class: returns how to open it. Enter takes the marked match, the first unless the arrows moved on.
function classSearch(root, classes, choose) {
    const input = root.querySelector(".class-search input");
    const list = root.querySelector(".class-search ul");
    if (!input) {
        return () => { };
    }
    let marked = 0;
    const show = () => {
        const found = matches(classes, input.value);
        marked = Math.max(0, Math.min(marked, found.length - 1));
        list.replaceChildren(...found.map((name, i) => {
            const item = document.createElement("li");
            item.textContent = name;
            item.setAttribute("role", "option");
            item.setAttribute("aria-selected", i === marked);
            item.addEventListener("pointerdown", event => { event.preventDefault(); take(name); });
            return item;
        }));
        if (found.length === 0 && input.value.trim() !== "") {
            const none = document.createElement("li");
            none.className = "dim";
            none.textContent = "no such class";
            list.append(none);
        }
        return found;
    };
    const close = () => { input.value = ""; list.replaceChildren(); input.blur(); };
    const take = name => { close(); choose(name); };
    input.addEventListener("input", () => { marked = 0; show(); });
    input.addEventListener("blur", () => list.replaceChildren());
    input.addEventListener("focus", show);
    input.addEventListener("keydown", event => {
        if (event.key === "Escape") { event.preventDefault(); close(); }
        else if (event.key === "ArrowDown") { event.preventDefault(); marked++; show(); }
        else if (event.key === "ArrowUp") { event.preventDefault(); marked--; show(); }
        else if (event.key === "Enter" && !event.repeat) {
            event.preventDefault();
            const found = show();
            if (found.length > 0) { take(found[marked]); }
        }
        event.stopPropagation();
    });
    return () => input.focus();
}

// Common to both modes: letters that are no command go into the field, also the one that was pressed.
function letters(event, openSearch) {
    if (event.key === "/") { event.preventDefault(); openSearch(); }
    else if (isLetter(event.key) && /\p{L}/u.test(event.key)) { openSearch(); }
}

const isPlain = event => !event.ctrlKey && !event.altKey && !event.metaKey && !event.repeat && !isTyping(event.target);

export function single(root, page, classes) {
    const decides = root.dataset.decides === "true";
    const items = () => [...root.querySelectorAll(".review-item")];
    const setCurrent = (item, isCurrent) => { item.className = `review-item ${isCurrent ? "current" : "ahead"}`; };
    const inOrder = () => items().forEach((item, i) => setCurrent(item, i === 0));
    // The image that the person sees; none while it is still loading, so that nobody decides unseen.
    const seen = () => {
        const item = root.querySelector(".review-item.current");
        return item?.querySelector("img.large").complete ? item : null;
    };
    // Uncovers the next image without waiting for the server, which removes the decided one. Where the server disagrees, its order holds.
    const send = async (method, item, ...values) => {
        const next = items()[items().indexOf(item) + 1];
        setCurrent(item, false);
        if (next) { setCurrent(next, true); }
        let isTaken = false;
        // A rejection means that the connection is lost: the server then never heard of it.
        try { isTaken = await page.invokeMethodAsync(method, item.dataset.id, ...values); } catch { }
        if (!isTaken) { inOrder(); }
    };
    // The server may answer a decision and its undoing at once: it then sees no change, and what was uncovered here would stay.
    const undo = async () => {
        try { await page.invokeMethodAsync("UndoAsync"); } catch { }
        inOrder();
    };
    const decide = name => { const item = seen(); if (item) { send("DecideAsync", item, name); } };
    const accept = number => {
        const item = seen();
        if (item?.querySelector(`[data-accept="${number}"]`)) { send("AcceptAsync", item, number); }
    };
    const openSearch = decides ? classSearch(root, classes, decide) : () => { };
    listen(root, "keydown", event => {
        if (!isPlain(event)) {
            return;
        }
        const key = event.key.toLowerCase();
        if (key === "s") { const item = seen(); if (item) { send("SkipAsync", item); } }
        else if (key === "u") { undo(); }
        else if (!decides) { return; }
        else if (key >= "1" && key <= "5") { accept(Number(key)); }
        else if (key === "n") { decide(null); }
        else { letters(event, openSearch); }
    });
    root.addEventListener("click", event => {
        const button = event.target.closest("[data-accept]");
        if (button) { accept(Number(button.dataset.accept)); }
    });
    root.dataset.listens = "true";
}

export function grid(root, page, classes) {
    const decides = root.dataset.decides === "true";
    if (!decides) {
        return;
    }
    const area = root.querySelector(".tile-groups");
    const count = root.querySelector(".selected-count");
    const tiles = () => [...area.querySelectorAll(".tile")];
    const isSelected = tile => tile.getAttribute("aria-selected") === "true";
    const mark = (tile, selected) => tile.setAttribute("aria-selected", selected);
    const selected = () => tiles().filter(isSelected);
    const tell = text => { count.textContent = text ?? `${selected().length} selected`; };
    let anchor = null;

    const range = (from, to) => {
        const all = tiles();
        const [a, b] = [all.indexOf(from), all.indexOf(to)].sort((x, y) => x - y);
        all.slice(Math.max(a, 0), b + 1).forEach(tile => mark(tile, true));
    };
    const decide = async name => {
        const ids = selected().map(tile => tile.dataset.id);
        if (ids.length === 0) { tell("Select images first"); return; }
        await page.invokeMethodAsync("RelabelAsync", ids, name);
        tell();
    };
    const openSearch = classSearch(root, classes, decide);

    const beside = (tile, key) => {
        const all = tiles(), i = all.indexOf(tile);
        if (i < 0) { return all[0]; }
        if (key === "ArrowRight") { return all[i + 1]; }
        if (key === "ArrowLeft") { return all[i - 1]; }
        const from = tile.getBoundingClientRect(), down = key === "ArrowDown";
        const row = (down ? all.slice(i + 1) : all.slice(0, i).reverse())
            .map(other => ({ other, rect: other.getBoundingClientRect() }))
            .filter(({ rect }) => down ? rect.top > from.top + 1 : rect.top < from.top - 1);
        return row.filter(({ rect }) => Math.abs(rect.top - row[0].rect.top) < 2)
            .sort((a, b) => Math.abs(a.rect.left - from.left) - Math.abs(b.rect.left - from.left))[0]?.other;
    };
    const move = event => {
        event.preventDefault();
        const tile = document.activeElement.closest(".tile");
        const next = beside(tile, event.key);
        if (!next) { return; }
        if (event.shiftKey) { anchor ??= tile ?? next; range(anchor, next); tell(); }
        next.focus();
    };
    listen(root, "keydown", event => {
        if (isTyping(event.target)) { return; }
        const focused = document.activeElement.closest(".tile");
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
            event.preventDefault();
            tiles().forEach(tile => mark(tile, true));
            tell();
        }
        else if (event.key.startsWith("Arrow") && !event.ctrlKey && !event.altKey) { move(event); }
        else if (event.key === "Escape") { tiles().forEach(tile => mark(tile, false)); tell(); }
        else if (event.key === " " && focused) { event.preventDefault(); mark(focused, !isSelected(focused)); anchor = focused; tell(); }
        else if (!isPlain(event)) { return; }
        else if (event.key.toLowerCase() === "n") { decide(null); }
        else if (event.key.toLowerCase() === "u") { page.invokeMethodAsync("UndoAsync"); }
        else { letters(event, openSearch); }
    });

    // A press that moves draws a rubber band; one that does not is a click.
    let press = null;
    area.addEventListener("pointerdown", event => {
        if (event.button === 0 && !event.target.closest("button, a")) {
            const keep = event.ctrlKey || event.shiftKey || event.metaKey;
            press = { x: event.pageX, y: event.pageY, target: event.target, shift: event.shiftKey, keep, band: null, before: null };
        }
    });
    listen(root, "pointermove", event => {
        if (!press) { return; }
        if (!press.band) {
            if (Math.hypot(event.pageX - press.x, event.pageY - press.y) < 6) { return; }
            press.band = document.body.appendChild(document.createElement("div"));
            press.band.className = "rubber-band";
            press.before = tiles().map(tile => {
                const rect = tile.getBoundingClientRect();
                return { tile, was: press.keep && isSelected(tile), left: rect.left + scrollX, top: rect.top + scrollY, right: rect.right + scrollX, bottom: rect.bottom + scrollY };
            });
        }
        if (event.clientY > innerHeight - 30) { scrollBy(0, 25); } else if (event.clientY < 60) { scrollBy(0, -25); }
        const [left, right] = [press.x, event.pageX].sort((a, b) => a - b), [top, bottom] = [press.y, event.pageY].sort((a, b) => a - b);
        Object.assign(press.band.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
        for (const at of press.before) {
            mark(at.tile, at.was || (at.left < right && at.right > left && at.top < bottom && at.bottom > top));
        }
        tell();
    });
    listen(root, "pointerup", () => {
        const ended = press;
        press = null;
        if (!ended) { return; }
        if (ended.band) { ended.band.remove(); return; }
        const tile = ended.target.closest(".tile");
        if (!tile) { return; }
        if (ended.shift && anchor?.isConnected) { range(anchor, tile); } else { mark(tile, !isSelected(tile)); anchor = tile; }
        tell();
    });
    listen(root, "pointercancel", () => { press?.band?.remove(); press = null; });
    area.addEventListener("click", event => {
        const group = event.target.closest(".group-all")?.closest(".tile-group");
        if (group) {
            const inGroup = [...group.querySelectorAll(".tile")], all = inGroup.every(isSelected);
            inGroup.forEach(tile => mark(tile, !all));
            tell();
        }
    });
    tell();
    root.dataset.listens = "true";
}
