// The page: one scene, its answer, and the panes that show both.
import { init, loadCatalogue } from "bailiwick-full";
import module from "bailiwick-full/wasm/bailiwick.wasm?url";
import services from "bailiwick-full/catalog.gz?url";
import { ask, can, fault, read, tree, type Answer } from "./answer.ts";
import { exampleOf, examples, sceneOf } from "./examples.ts";
import { MANIFEST, type Scene } from "./scene.ts";
import { packed, unpacked } from "./share.ts";
import { drawCan, narrowing, resetFilters } from "./ui/can.ts";
import { tell } from "./ui/dialog.ts";
import { fill, h, part } from "./ui/dom.ts";
import { Editor } from "./ui/editor.ts";
import { EMPTY_POLICY, drawFiles } from "./ui/files.ts";
import { diagnostics, drawFindings, marks } from "./ui/findings.ts";
import { drawExamples, drawShare, drawTheme, drawTries } from "./ui/header.ts";
import { drawAsk } from "./ui/request.ts";
import { currentTab, drawTabs } from "./ui/tabs.ts";
import { drawTree } from "./ui/tree.ts";
import { drawVerdict } from "./ui/verdict.ts";
import { drawWho, drawWhoForm } from "./ui/who.ts";
import { drawWhy } from "./ui/why.ts";

/** Time to finish a word before it is judged. */
const PAUSE = 120;

let scene: Scene = sceneOf(examples[0]!, 0);
let answer: Answer = { findings: [] };
/** The try that the scene is, until something is changed. */
let shown: number | undefined = 0;
let open = "";
let waiting: ReturnType<typeof setTimeout> | undefined;

const editor = new Editor(part("editor"), {
  label: "Policy text",
  change: (text) => {
    scene.files[open] = text;
    later({ files: true });
  },
});
const token = new Editor(part("token"), {
  label: "Token, or claims as JSON",
  wrap: true,
  change: (text) => {
    scene.asker.token = text;
    later({});
  },
});

/** Another scene: everything is drawn anew, and what decides is brought into view. */
function begin(next: Scene, at: number | undefined): void {
  const another = next.example !== scene.example || open === "";
  scene = next;
  shown = at;
  if (another) {
    editor.clear();
    resetFilters();
  }
  token.clear();
  settle({ files: true });
  const decider = answer.explanation?.statements.find(({ id }) => id === answer.explanation?.statement);
  const place = decider ?? answer.explanation?.statements.find(({ near }) => near);
  if (place !== undefined) show(place.policy, place.span[0], false);
  else if (another || !Object.hasOwn(scene.files, open)) show(Object.keys(scene.files)[0] ?? MANIFEST, 0, false);
  drawForms();
  drawTop();
}

/** The forms hold what is typed into them, so they are drawn only when they have to look otherwise. */
function drawForms(): void {
  drawAsk(scene, () => later({}));
  drawWhoForm(scene.asker, exampleOf(scene.example), {
    changed: (asker, redraw) => {
      scene.asker = asker;
      if (redraw) drawForms();
      later({});
    },
  });
  if (scene.asker.mode === "token") token.show("claims.json", scene.asker.token);
}

function drawTop(): void {
  const example = exampleOf(scene.example);
  drawExamples(scene.example, (chosen) => begin(sceneOf(chosen, 0), 0));
  drawTries(example, shown, (at) => {
    if (example !== undefined) begin(sceneOf(example, at, scene.files), at);
  });
}

/** Something was typed: answer when the typing pauses. */
function later({ files = false }): void {
  if (shown !== undefined) {
    shown = undefined;
    drawTop();
  }
  const both = files || waitingForFiles;
  waitingForFiles = both;
  clearTimeout(waiting);
  waiting = setTimeout(() => settle({ files: both }), PAUSE);
}
let waitingForFiles = false;

/** Answers the scene, and shows the answer. */
function settle({ files }: { files: boolean }): void {
  clearTimeout(waiting);
  waitingForFiles = false;
  if (files) answer = read(scene, answer);
  answer = ask(scene, answer, new Date());
  drawVerdict(answer, (file, from) => show(file, from, true));
  drawFindings(answer.findings, (file, from) => show(file, from, true));
  drawFolder();
  drawWho(answer);
  drawResults();
}

function drawResults(): void {
  const reveal = (file: string, from: number) => show(file, from, true);
  const tab = currentTab();
  if (tab === "why") drawWhy(answer, reveal);
  else if (tab === "can") drawCan(can(answer, narrowing()), drawResults, reveal);
  else drawTree(tree(answer));
}

function drawFolder(): void {
  drawFiles(scene, open, answer, {
    open: (file) => show(file, 0, false),
    add: (file) => {
      scene.files[file] = EMPTY_POLICY;
      later({ files: true });
      show(file, 0, true);
    },
    remove: (file) => {
      delete scene.files[file];
      later({ files: true });
      show(Object.keys(scene.files)[0] ?? MANIFEST, 0, true);
    },
  });
  const text = scene.files[open];
  if (text !== undefined) {
    editor.diagnose(diagnostics(answer.findings, open, text));
    editor.mark(marks(answer.explanation, open));
  }
}

function show(file: string, from: number, focus: boolean): void {
  // Findings may speak of a file that is not there, such as `bailiwick.toml` itself.
  if (!Object.hasOwn(scene.files, file)) return;
  open = file;
  editor.show(file, scene.files[file] ?? "");
  drawFolder();
  if (from > 0 || focus) editor.reveal(from, focus);
}

/** A legend for the tints, in words. */
function drawLegend(): void {
  const item = (look: string, words: string) => h("span", {}, h("i", { class: look }), words);
  fill(part("legend"), item("yes", "clause holds"), item("no", "clause fails"), item("near", "statement that comes nearest"));
}

async function start(): Promise<void> {
  drawTheme();
  drawLegend();
  drawTabs(drawResults);
  drawShare(async () => {
    const fragment = await packed(scene);
    history.replaceState(null, "", `#${fragment}`);
    return location.href;
  });
  const catalogue = fetch(services).then((response) => response.arrayBuffer());
  await init({ module_or_path: module });
  await loadCatalogue(await catalogue);
  await enter();
  addEventListener("hashchange", () => void enter());
  document.documentElement.dataset.ready = "yes";
}

/** The scene of the link, or else the first example. */
async function enter(): Promise<void> {
  const fragment = location.hash.slice(1);
  if (fragment !== "" && !/^[a-z]/.test(fragment)) {
    try {
      begin(await unpacked(fragment), undefined);
      return;
    } catch (error) {
      begin(sceneOf(examples[0]!, 0), 0);
      tell("This link cannot be opened", `It was cut off on its way, or it is of another version: ${fault(error).summary}.`);
      return;
    }
  }
  if (open === "") begin(sceneOf(examples[0]!, 0), 0);
}

start().catch((error: unknown) => {
  document.documentElement.dataset.ready = "no";
  fill(part("verdict"), h("p", { class: "sentence" }, `The engine did not start: ${fault(error).summary}.`));
});
