import { useState } from "preact/hooks";

const THEMES = ["auto", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];
const KEY = "holdfast-theme";

/** Changes between the system's theme, light and dark; the choice is kept in this browser. */
export const ThemeButton = () => {
  const [theme, setTheme] = useState<Theme>(applyKeptTheme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "auto";
  const change = (): void => {
    setTheme(next);
    applyTheme(next);
    keep(next);
  };
  return (
    <button type="button" class="button push" onClick={change}>
      Theme: {theme}
    </button>
  );
};

const applyTheme = (theme: Theme): void => {
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
};

const applyKeptTheme = (): Theme => {
  const kept = readKept();
  const theme = THEMES.find((one) => one === kept) ?? "auto";
  applyTheme(theme);
  return theme;
};

// A browser may refuse storage; then the choice lasts as long as the page.
const readKept = (): string | null => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
};

const keep = (theme: Theme): void => {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Nothing is lost but the memory of a choice.
  }
};
