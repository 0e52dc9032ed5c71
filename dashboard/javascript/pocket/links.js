// The state of the page as the text of a link, in the form of the full simulator (`dashboard/state/links`), both ways.
// A state: {of, scenario: {title, question, policies}, package, view, kept, option}. What a link holds beyond that is
// named, and left out.

import {is_readable} from "./settings.js";

const WRITTEN = /[^A-Za-z0-9]*([A-Za-z0-9]+)\.([A-Za-z0-9_-]+)/;
const SCENARIO = ["title", "question", "policies"];
const CONTENT = ["of", "own", "scenario", "package", "view", "kept", "option", "made"];
const NAMED = {context: "driver", parameters: "parameter"};

// A link that says nothing; the message is a key of the words under `refused`.
export class LinkFault extends Error {}

async function streamed(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

export async function encode(content, version) {
  const packed = await streamed(new TextEncoder().encode(JSON.stringify(content)), new CompressionStream("deflate"));
  const letters = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
  return `${version}.${letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

// The plain values of a link's text or of a whole address, and whether a later version wrote it.
export async function decode(text, version) {
  const bare = text.replace(/[^\x21-\x7e]+/g, ""), [, written, body] = WRITTEN.exec(/[#?&]state=(.*)/.exec(bare)?.[1] ?? bare) ?? [];
  if (!body) throw new LinkFault("because_damaged");
  const is_later = /^\d{1,3}$/.test(written) && Number(written) > Number(version);
  if (written !== version && !is_later) throw new LinkFault("because_other_version");
  try {
    const packed = Uint8Array.from(atob(body.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    const content = JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(await streamed(packed, new DecompressionStream("deflate"))));
    if (content && typeof content === "object" && !Array.isArray(content)) return {content, is_later};
  } catch {
    throw new LinkFault(is_later ? "because_other_version" : "because_damaged");
  }
  throw new LinkFault("because_no_state");
}

// The state of what a link holds, and all of it that this page leaves out: {kind, name, kept}.
export function opened(content, {corridors, most_kept}) {
  const left_out = [], leave = (kind, name, kept = "") => left_out.push({kind, name: String(name), kept});
  if (typeof content.of !== "string") throw new LinkFault("because_corridor");
  let of = content.of;
  if (!(of in corridors) || content.own !== undefined) {
    leave(content.own === undefined ? "corridor" : "own_corridor", of);
    [of] = Object.keys(corridors);
  }
  const corridor = corridors[of];
  Object.keys(content).filter((key) => !CONTENT.includes(key)).forEach((key) => leave("entry", key));
  const known = content.package ?? null, is_known = known === null || known in corridor.packages;
  if (!is_known) leave("package", known);
  const kept = Array.isArray(content.kept) ? content.kept.filter((each) => each && typeof each === "object") : [];
  kept.slice(most_kept).forEach((each, place) => leave("kept", each.title ?? most_kept + place + 1));
  const beside = kept.slice(0, most_kept).map((each, place) =>
    scenario_of(each, corridor, (kind, name) => leave(kind, name, each.title ?? String(place + 1))));
  const {option} = content;
  return {
    state: {
      of, scenario: scenario_of(content.scenario ?? {}, corridor, leave), package: is_known ? known : null,
      view: content.view && typeof content.view === "object" ? content.view : {}, kept: beside,
      option: Number.isInteger(option) && option >= 0 && option < beside.length ? option : null,
    },
    left_out,
  };
}

function scenario_of(given, corridor, leave) {
  const scenario = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === null) continue;
    if (key in NAMED && typeof value === "object") Object.keys(value).forEach((name) => leave(NAMED[key], name));
    else if (key === "formulas" && typeof value === "object") Object.values(value).forEach((name) => leave("formula", name));
    else if (key === "loops_off" && Array.isArray(value)) value.forEach((name) => leave("loop", name));
    else if (!SCENARIO.includes(key)) leave("entry", key);
    else if (key !== "policies") scenario[key] = String(value);
    else scenario.policies = policies_of(value, corridor, leave);
  }
  return scenario;
}

function policies_of(given, {today, limits}, leave) {
  const policies = {};
  for (const [name, setting] of Object.entries(given ?? {}).sort(([one], [other]) => (one < other ? -1 : 1))) {
    const now = today[name];
    if (now === undefined) leave("lever", name);
    else if (is_readable(setting, now, limits[name])) policies[name] = setting;
    else leave("value", name);
  }
  return policies;
}

// What a link holds of a state; nothing of what stands as it stands today.
export function content_of(state) {
  const written = (scenario) => Object.fromEntries(Object.entries(scenario)
    .filter(([key, value]) => key !== "policies" || Object.keys(value).length));
  const scenario = written(state.scenario), content = {of: state.of};
  if (Object.keys(scenario).length) content.scenario = scenario;
  if (state.package) content.package = state.package;
  if (Object.keys(state.view).length) content.view = state.view;
  if (state.kept.length) content.kept = state.kept.map(written);
  if (state.option !== null) content.option = state.option;
  return content;
}
