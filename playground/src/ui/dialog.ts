// The one dialog: asks for a text, or shows one to be copied.
import { fill, h, part } from "./dom.ts";

interface Asked {
  title: string;
  label: string;
  value: string;
  action: string;
  /** What is wrong with a text; empty if nothing is. */
  check: (text: string) => string;
}

/** The text that was given; nothing if the reader thought better of it. */
export function ask({ title, label, value, action, check }: Asked): Promise<string | undefined> {
  const dialog = part<HTMLDialogElement>("dialog");
  return new Promise((settle) => {
    const field = h("input", { id: "dialog-field", value, autocomplete: "off", spellcheck: "false" });
    const wrong = h("p", { class: "wrong", role: "alert" });
    let given: string | undefined;
    const accept = (event: Event) => {
      event.preventDefault();
      const problem = check(field.value.trim());
      wrong.textContent = problem;
      if (problem !== "") return;
      given = field.value.trim();
      dialog.close();
    };
    fill(
      dialog,
      h(
        "form",
        { class: "form", onsubmit: accept },
        h("h2", { id: "dialog-title" }, title),
        h("label", { for: "dialog-field" }, label),
        field,
        wrong,
        h("div", { class: "row" }, h("button", { type: "submit", class: "button primary" }, action), closing(dialog, "Cancel")),
      ),
    );
    dialog.addEventListener("close", () => settle(given), { once: true });
    dialog.showModal();
    field.select();
  });
}

/** Shows a link to be copied by hand, where the clipboard is not ours. */
export function tell(title: string, words: string, text?: string): void {
  const dialog = part<HTMLDialogElement>("dialog");
  fill(
    dialog,
    h(
      "div",
      { class: "form" },
      h("h2", { id: "dialog-title" }, title),
      h("p", {}, words),
      text === undefined ? null : h("textarea", { readonly: true, rows: 4, "aria-label": "Link" }, text),
      h("div", { class: "row" }, closing(dialog, "Close")),
    ),
  );
  dialog.showModal();
  dialog.querySelector("textarea")?.select();
}

function closing(dialog: HTMLDialogElement, words: string): Node {
  return h("button", { type: "button", class: "button", onclick: () => dialog.close() }, words);
}
