// The editors. Each lives in a shadow root, where its styles need no `style` element: the page's policy allows none.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, indentOnInput, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, StateEffect, StateField, type Extension } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  type DecorationSet,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { theme } from "./editor-theme.ts";

/** A stretch of the text that an explanation speaks of. */
export interface Mark {
  from: number;
  to: number;
  /** Its class: what it means. */
  look: string;
  /** Words for a reader who points at it. */
  words: string;
  /** Whether whole lines are meant. */
  lines?: boolean;
}

const setMarks = StateEffect.define<readonly Mark[]>();

const marks = StateField.define<{ list: readonly Mark[]; drawn: DecorationSet }>({
  create: () => ({ list: [], drawn: Decoration.none }),
  update(held, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) return { list: effect.value, drawn: drawn(effect.value, transaction.state) };
    }
    return transaction.docChanged ? { ...held, drawn: held.drawn.map(transaction.changes) } : held;
  },
  provide: (field) => EditorView.decorations.from(field, ({ drawn }) => drawn),
});

function drawn(list: readonly Mark[], { doc }: EditorState): DecorationSet {
  const ranges = list.flatMap(({ from, to, look, lines }) => {
    if (to > doc.length || from >= to) return [];
    if (lines !== true) return [Decoration.mark({ class: look }).range(from, to)];
    const found = [];
    for (let at = doc.lineAt(from).number; at <= doc.lineAt(to).number; at++) {
      found.push(Decoration.line({ class: look }).range(doc.line(at).from));
    }
    return found;
  });
  return Decoration.set(ranges, true);
}

const pointed = hoverTooltip((view, at) => {
  const held = view.state.field(marks).list.filter(({ from, to, lines }) => lines !== true && from <= at && at <= to);
  const [mark] = held.sort((a, b) => a.to - a.from - (b.to - b.from));
  if (mark === undefined || mark.words === "") return null;
  return {
    pos: mark.from,
    end: mark.to,
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "cm-words";
      dom.textContent = mark.words;
      return { dom };
    },
  };
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, class: "tok-name" },
  { tag: [tags.string, tags.special(tags.string)], class: "tok-text" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: "tok-atom" },
  { tag: tags.comment, class: "tok-comment" },
  { tag: [tags.heading, tags.bracket, tags.separator, tags.punctuation], class: "tok-mark" },
]);

export interface EditorOptions {
  /** What a screen reader calls it. */
  label: string;
  change: (text: string) => void;
  /** Wrap long lines. */
  wrap?: boolean;
}

export class Editor {
  readonly #host: HTMLElement;
  readonly #view: EditorView;
  readonly #options: EditorOptions;
  /** Each file keeps its own history and selection. */
  readonly #states = new Map<string, EditorState>();
  #file = "";

  constructor(host: HTMLElement, options: EditorOptions) {
    this.#host = host;
    this.#options = options;
    const root = host.attachShadow({ mode: "open" });
    this.#view = new EditorView({ parent: root, root });
  }

  /** Shows a file. The text counts only if it is not the one that is there. */
  show(file: string, text: string): void {
    if (this.#file !== "") this.#states.set(this.#file, this.#view.state);
    const kept = this.#states.get(file);
    const state = kept?.doc.toString() === text ? kept : this.#fresh(file, text);
    this.#file = file;
    if (this.#view.state !== state) this.#view.setState(state);
  }

  /** Forgets all files. */
  clear(): void {
    this.#states.clear();
    this.#file = "";
  }

  diagnose(list: readonly Diagnostic[]): void {
    this.#view.dispatch(setDiagnostics(this.#view.state, list));
  }

  mark(list: readonly Mark[]): void {
    this.#view.dispatch({ effects: setMarks.of(list) });
  }

  /** Brings a place to the top of the editor; `focus` puts the cursor there and the editor into the page's view. */
  reveal(from: number, focus: boolean): void {
    const view = this.#view;
    const at = Math.min(from, view.state.doc.length);
    // Not by the editor's own means, which scroll the page as well.
    view.requestMeasure({
      read: () => view.lineBlockAt(at).top,
      write: (top) => void (view.scrollDOM.scrollTop = Math.max(0, top - 24)),
    });
    if (!focus) return;
    view.dispatch({ selection: { anchor: at } });
    view.focus();
    this.#host.scrollIntoView({ block: "nearest" });
  }

  #fresh(file: string, text: string): EditorState {
    const { label, change, wrap } = this.#options;
    const extensions: Extension[] = [
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      syntaxHighlighting(colours),
      file.endsWith(".toml") ? StreamLanguage.define(toml) : json(),
      lintGutter(),
      marks,
      pointed,
      theme,
      // Tab stays the browser's: whoever has no mouse must be able to leave.
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap]),
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) change(update.state.doc.toString());
      }),
    ];
    if (wrap === true) extensions.push(EditorView.lineWrapping);
    return EditorState.create({ doc: text, extensions });
  }
}
