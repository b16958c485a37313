// The little that only a browser can do: remembering the theme, and noticing that a person is there.
window.board = (() => {
    const key = "partsworker-theme";
    const isDark = () => {
        const chosen = localStorage.getItem(key);
        return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    };
    const apply = () => document.documentElement.classList.toggle("dark", isDark());
    apply();

    // What the server pushes does not postpone the end of a session; clicks and keys do.
    let told = Date.now();
    for (const event of ["pointerdown", "keydown"]) {
        addEventListener(event, () => {
            if (Date.now() - told > 15000) {
                told = Date.now();
                fetch("still-here", { cache: "no-store" }).catch(() => { });
            }
        }, { capture: true, passive: true });
    }

    // Blazor takes the link for a navigation, which moves no focus; so this comes before it.
    addEventListener("click", event => {
        if (event.target.closest?.(".skip")) {
            event.preventDefault();
            document.getElementById("content").focus();
        }
    }, { capture: true });

    return {
        isDark,
        switchTheme() {
            localStorage.setItem(key, isDark() ? "light" : "dark");
            apply();
            return isDark();
        },
    };
})();
