// The presenter's view and stories, as in the full simulator, by what the file holds: what they ask a server for is here.

import {make} from "../dom.js";
import {stage} from "../room/stage.js";
import {turn_theme, theme_now} from "./head.js";
import {LocalModel} from "./in_place/local_model.js";

export class Telling {
  // `act` hears what changes the page: {focus}, {drawn}, {visit: link}.
  constructor(words, stories, act) {
    this.stories = stories;
    this.gone = new AbortController();
    this.box = make("section", {id: "stage", tabIndex: -1, hidden: true, "aria-label": words.stage.title});
    this.model = new LocalModel({words, shown: {page: "overview"}, summaries: {}, signal: this.gone.signal}, (message) => this._receive(message, act));
  }

  // Once its box stands in the page.
  begin() { this.stage = stage(this.model); }

  // For a view in another language, which goes on where this one was.
  leave() { this.gone.abort(); }

  tell({summary, ...shown}) {
    this.model.tell({shown: {...shown, page: "overview", dark: theme_now() === "dark"}, summaries: {main: summary}});
    this.stage?.shown();
  }

  _receive(message, act) {
    const say = (each) => this.model.say(each);
    if (message.stories) say({stories: this.stories.map(({head}) => head)});
    else if (message.story) this._play(message.story, say);
    else if ("dark" in message) { turn_theme(); this.model.shown.dark = theme_now() === "dark"; }
    else act(message);
  }

  _play(name, say) {
    const found = this.stories.find(({head}) => head.id === name);
    if (!found) return;
    say({story: found.story});
    for (const step of found.steps) say({step, of: name});
  }
}
