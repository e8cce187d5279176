// What stands above all: examples, tries, the link, light or dark.
import { examples, type Example } from "../examples.ts";
import { tell } from "./dialog.ts";
import { fill, h, icon, part } from "./dom.ts";

const OWN = "";

export function drawExamples(current: string, choose: (example: Example) => void): void {
  const select = part<HTMLSelectElement>("example");
  const option = (id: string, title: string) => h("option", { value: id, selected: id === current }, title);
  fill(select, current === OWN ? option(OWN, "Your own") : null, examples.map(({ id, title }) => option(id, title)));
  select.onchange = () => {
    const example = examples.find(({ id }) => id === select.value);
    if (example !== undefined) choose(example);
  };
}

/** `at` is the try that is shown, if the scene still is that of one. */
export function drawTries(example: Example | undefined, at: number | undefined, choose: (at: number) => void): void {
  part("about").textContent = example?.about ?? "Your own scene.";
  fill(
    part("tries"),
    example === undefined ? null : h("span", { class: "nudge" }, "Change one thing and watch:"),
    example?.tries.map(({ name }, i) =>
      h("button", { type: "button", class: "chip", "aria-pressed": String(i === at), onclick: () => choose(i) }, name),
    ),
  );
}

export function drawShare(make: () => Promise<string>): void {
  const button = part<HTMLButtonElement>("share");
  const words = h("span", { role: "status" }, "Share");
  fill(button, icon("share"), words);
  button.onclick = async () => {
    const link = await make();
    try {
      await navigator.clipboard.writeText(link);
      words.textContent = "Link copied";
      setTimeout(() => (words.textContent = "Share"), 2500);
    } catch {
      tell("Share this scene", "The link holds all of it; nothing is stored anywhere else.", link);
    }
  };
}

const THEMES = ["light dark", "light", "dark"] as const;
const THEME_WORDS = ["System", "Light", "Dark"];
const KEPT = "bailiwick-theme";

export function drawTheme(): void {
  const button = part<HTMLButtonElement>("theme");
  let at = Math.max(0, THEMES.findIndex((theme) => theme === remembered()));
  const draw = () => {
    document.documentElement.style.colorScheme = THEMES[at]!;
    button.setAttribute("aria-label", `Colours: ${THEME_WORDS[at]}. Change`);
    fill(button, icon("theme"), h("span", {}, THEME_WORDS[at]));
  };
  button.onclick = () => {
    at = (at + 1) % THEMES.length;
    try {
      localStorage.setItem(KEPT, THEMES[at]!);
    } catch {
      // Nowhere to keep it: it holds until the page is left.
    }
    draw();
  };
  draw();
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
