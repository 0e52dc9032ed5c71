// What scenarios are called, as `dashboard/state/packages.py` says it, and what is said of a link that holds more than
// this page shows, as `dashboard/state/links/salvage.py` does.

const LEVERS_NAMED = 2, MOST_TOLD = 12, LONGEST_NAME = 60;

// The name that a scenario was given; else its package, the levers that it moves, or the corridor.
export function titled(scenario, {words, corridor}) {
  const {title, policies = {}} = scenario, {packages, texts} = corridor, own = texts[words.held.code];
  const found = Object.entries(packages).find(([, {written}]) => written.title === title);
  if (title && found) {
    const named = own.packages[found[0]].title, is_changed = JSON.stringify(policies) !== JSON.stringify(found[1].written.policies ?? {});
    return is_changed ? words.say("toolbar.changed", {title: named}) : named;
  }
  if (title) return title;
  const moved = Object.keys(policies), titles = moved.slice(0, LEVERS_NAMED).map((name, place) => (place ? words.inside(words.title(name)) : words.title(name)));
  if (moved.length > LEVERS_NAMED) titles.push(words.say("overview.and_others", {count: moved.length - LEVERS_NAMED}));
  return titles.length ? words.join(titles) : words.say("pocket.today");
}

// Sentences on what of a link is left out here, each thing by its name.
export function told_of(left_out, is_later, words) {
  const short = (name) => (name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1)}\u2026`);
  const told = [...new Set(left_out.map(({kind, name, kept}) => {
    const what = words.say(`not_in_link.${kind}`, {name: short(words.held.titles[name] ?? name)});
    return kept ? words.say("not_in_link.of_kept", {what, title: short(kept)}) : what;
  }))];
  const more = told.length - MOST_TOLD, listed = told.slice(0, MOST_TOLD);
  if (more > 0) listed.push(words.say("not_in_link.more", {count: more}));
  const sentences = is_later ? [words.say("migrated.later_version")] : [];
  return listed.length ? [...sentences, words.say("pocket.not_in_link", {listed: listed.join("; ")})] : sentences;
}
