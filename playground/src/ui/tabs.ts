// The three panes of results, by the pattern of tabs that screen readers know.
import { fill, h, part } from "./dom.ts";

const TABS = [
  ["why", "Why"],
  ["can", "What it can do"],
  ["tree", "Decision tree"],
] as const;

export type Tab = (typeof TABS)[number][0];

let current: Tab = "why";

export function currentTab(): Tab {
  return current;
}

export function drawTabs(changed: () => void): void {
  const choose = (tab: Tab, focus: boolean) => {
    current = tab;
    for (const [id] of TABS) {
      const button = part(`tab-${id}`);
      button.setAttribute("aria-selected", String(id === tab));
      button.tabIndex = id === tab ? 0 : -1;
      part(id).hidden = id !== tab;
      if (focus && id === tab) button.focus();
    }
    changed();
  };
  const step = (event: Event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[(event as KeyboardEvent).key];
    if (by === undefined) return;
    const at = TABS.findIndex(([id]) => id === current);
    choose(TABS[(at + by + TABS.length) % TABS.length]![0], true);
  };
  const tab = ([id, words]: (typeof TABS)[number]) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${id}`,
        "aria-controls": id,
        "aria-selected": String(id === current),
        tabindex: id === current ? 0 : -1,
        onclick: () => choose(id, false),
        onkeydown: step,
      },
      words,
    );
  fill(part("tabs"), TABS.map(tab));
}
