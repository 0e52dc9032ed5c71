// Scatter plots of simulations, drawn by Bokeh from a document that is asked for when they are looked at. What is marked
// in one of them is marked in all, since they share a source; the server then says what separates the marked ones.

import {unfocusable} from "../charts.js";
import {$} from "../dom.js";

const WAIT = 250; // milliseconds after the last change of what is marked
let drawn = null; // the document on the page: its key, and how to take it away

const wanted = () => document.querySelector("[data-simulations]");

function put_away() {
  if (!drawn) return;
  const {documents} = window.Bokeh;
  for (const each of drawn.documents) {
    each.clear();
    if (documents.indexOf(each) > 0) documents.splice(documents.indexOf(each), 1);
  }
  drawn = null;
}

// Ask for the plots that the page has a place for, unless they stand there.
export function ask_for_simulations(model) {
  const place = wanted(), key = place?.dataset.simulations;
  if (drawn && drawn.key !== key) put_away();
  if (!place || drawn?.key === key || place.asked === key) return;
  place.asked = key;
  model.send_msg({simulations: key});
}

export async function draw_simulations({key, docs, roots}, model) {
  const place = wanted();
  if (place?.dataset.simulations !== key) return;
  put_away();
  for (const id of Object.values(roots)) $(id)?.replaceChildren();
  const before = new Set(window.Bokeh.documents);
  const [docid] = Object.keys(docs);
  try {
    await window.Bokeh.embed.embed_items(docs, [{docid, roots, root_ids: Object.keys(roots)}]);
  } catch (fault) {
    if (wanted()?.dataset.simulations === key) throw fault;
    return; // whoever looks has gone on meanwhile, and with that the places
  }
  const documents = window.Bokeh.documents.filter((each) => !before.has(each));
  drawn = {key, documents};
  place.asked = null;
  Object.values(roots).forEach((id) => unfocusable($(id)));
  const [held] = documents, source = held.get_model_by_name("simulations");
  // A finger scrolls the page; the menus choose simulations there.
  if (window.matchMedia("(pointer: coarse)").matches)
    held.roots().forEach(({toolbar}) => toolbar.tools.forEach((tool) => { tool.active = false; }));
  let timer = null;
  source.selected.change.connect(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (drawn?.key === key) model.send_msg({marked: Array.from(source.selected.indices), of: key});
    }, WAIT);
  });
}
