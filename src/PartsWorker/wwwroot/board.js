// The little that only a browser can do: remembering the theme.
window.board = (() => {
    const key = "partsworker-theme";
    const isDark = () => {
        const chosen = localStorage.getItem(key);
        return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    };
    const apply = () => document.documentElement.classList.toggle("dark", isDark());
    apply();
    return {
        isDark,
        switchTheme() {
            localStorage.setItem(key, isDark() ? "light" : "dark");
            apply();
            return isDark();
        },
    };
})();
